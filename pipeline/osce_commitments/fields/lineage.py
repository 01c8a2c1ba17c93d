"""The columns of ``lineage``; what depends on labels is in the view of the same name."""

from __future__ import annotations

from functools import partial

from osce_commitments.fields.column import Column, ListOf, Struct, TableDefinition
from osce_commitments.labels import Relation
from osce_commitments.schema import LineageLink

_column = partial(Column, of=LineageLink)
_CHANGED = Struct({"earlier_start": "int32", "earlier_end": "int32", "later_start": "int32", "later_end": "int32"})

LINEAGE = TableDefinition(
    "lineage",
    "one row per provision that takes up one of an earlier document",
    key=("earlier", "later"),
    order=("year", "later_document", "later", "earlier"),
    partition_by=("year",),
    stats=("later_document",),
    columns=(
        _column("earlier", "string", "id of the earlier provision"),
        _column("later", "string", "id of the later provision"),
        _column("earlier_document", "string", "id of the document of the earlier one"),
        _column("later_document", "string", "id of the document of the later one"),
        Column("year", "int32", "year of the later document"),
        _column(
            "earlier_date", "date32", "date of the earlier document; the last day of its year if only that is known"
        ),
        _column("relation", Relation, "how the later one takes up the earlier one"),
        _column("score", "float64", "likeness of their words, 0 to 1"),
        _column("is_main", "bool", "whether it continues the line; false for further parts of a split or a merger"),
        _column(
            "overlap",
            "float64",
            "share of the shorter document that has a counterpart in the other; 0 for a mere clause",
        ),
        _column("same_title", "bool", "whether the titles of the two documents name the same subject"),
        _column(
            "is_procedure", "bool", "whether both are procedure (agenda items, requests for a report on the whole text)"
        ),
        _column("force_changed", "bool", "whether the words that give the obligation its force differ in kind"),
        Column("addressee_changed", "bool", "whether other actors are to act"),
        Column("deadline_changed", "bool", "whether a deadline or interval was added or dropped"),
        Column("changed", ListOf(_CHANGED), "differences in words: start and end in the reading of each"),
    ),
)
