from __future__ import annotations

import dataclasses
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from osce_commitments.errors import SchemaError
from osce_commitments.fields import DESCRIBED_COLUMNS, PROVISIONS, SCHEMA_VERSION, TABLES, columns_at
from osce_commitments.fields.column import At, Column, Place
from osce_commitments.fields.provisions import DERIVED
from osce_commitments.labelling.formats.table import ITEM_COLUMNS
from osce_commitments.labels import STRENGTHS, THREAT_AREAS, Field, Polarity, TagKind, Voice
from osce_commitments.report.entries import OWN_COLUMNS
from osce_commitments.schema import Classification, Provision, Tag, TaggedProvision
from osce_commitments.tables import (
    classified_from_row,
    document_row,
    provision_row,
    reject_from_row,
    reject_row,
    schema,
    to_table,
)
from tests.support.makers import document, provisions, reject

if TYPE_CHECKING:
    from osce_commitments.schema import Document

DOCUMENT = document("a.pdf")
UNDATED = document("u.pdf", date=None)


def provision_rows() -> list[dict[str, Any]]:
    return [provision_row(item, DOCUMENT) for item in provisions(DOCUMENT)]


@pytest.mark.parametrize("name", TABLES)
def test_the_schema_says_what_every_column_means(name: str) -> None:
    declared = schema(name)
    assert declared.metadata[b"schema_version"] == str(SCHEMA_VERSION).encode()
    assert declared.metadata[b"primary_key"].decode() == ", ".join(TABLES[name].key)
    for field, column in zip(declared, TABLES[name].columns, strict=True):
        assert field.metadata[b"description"].decode() == column.description
        assert field.nullable == column.nullable


@pytest.mark.parametrize("name", TABLES)
def test_declarations_hold_together(name: str) -> None:
    definition = TABLES[name]
    names = [column.name for column in definition.columns]
    assert len(set(names)) == len(names)
    assert {*definition.key, *definition.order, *definition.partition_by, *definition.stats} <= set(names)
    assert to_table(name, []).schema.equals(schema(name), check_metadata=True)


def test_probabilities_have_a_field_per_label() -> None:
    declared = schema("provisions")
    assert [field.name for field in declared.field("strength_probabilities").type] == list(STRENGTHS)
    assert [field.name for field in declared.field("area_probabilities").type] == list(THREAT_AREAS)


@pytest.mark.parametrize("of", [DOCUMENT, UNDATED], ids=["dated", "undated"])
def test_a_document_fits_its_table(of: Document) -> None:
    table = to_table("documents", [document_row(of, "p1", 3)])
    row = table.to_pylist(maps_as_pydicts="strict")[0]
    assert (row["year"], row["date"], row["page_count"]) == (of.year, of.date, 1)
    assert (row["type"], row["adopted"], row["is_adopted"], row["media_type"]) == ("decision", "yes", True, "pdf")
    assert row["facts_from"] == dict(of.facts_from)
    assert of.text[row["blocks"][1]["start"] : row["blocks"][1]["end"]].startswith("Calls upon")


def test_provisions_survive_the_way_through_arrow() -> None:
    items = provisions(DOCUMENT)
    tagged = dataclasses.replace(items[1].tagged, polarity=Polarity.REFRAIN, voice=Voice.PASSIVE)
    provision = dataclasses.replace(
        tagged.provision,
        lead_in="The Council:",
        lead_in_spans=((0, 4), (5, 9)),
        heading=(),
        page=None,
        date=None,
        tail="where appropriate.",
        tail_spans=((20, 38),),
        note_mark="1",
        note_of="p0",
        delegation=("Belarus", "Kazakhstan"),
        about="MC.DEC/91/07",
    )
    items[1] = dataclasses.replace(items[1], tagged=dataclasses.replace(tagged, provision=provision))
    table = to_table("provisions", [provision_row(item, DOCUMENT) for item in items])
    assert [classified_from_row(row) for row in table.to_pylist()] == items


def test_a_row_of_an_older_version_is_read_with_the_defaults_of_what_it_lacks() -> None:
    item = provisions(DOCUMENT)[1]
    row = provision_row(item, DOCUMENT)
    for name in ("about", "delegation"):
        del row[name]
    row["tags"] = [{name: value for name, value in tag.items() if name != "note"} for tag in row["tags"]]
    assert classified_from_row(row) == item


def test_every_attribute_of_a_provision_and_of_a_tag_has_a_column() -> None:
    stored = {(column.of, column.name) for column in PROVISIONS.columns if not column.derive}
    # Links of the mark-up are stored as the citations that they became.
    records = {Provision: {"links"}, TaggedProvision: {"provision"}, Classification: set()}
    for record, nested in records.items():
        names = {field.name for field in dataclasses.fields(record)} - nested
        assert {name for of, name in stored if of is record} == names
    tags = schema("provisions").field("tags").type.value_type
    assert {field.name for field in tags} == {field.name for field in dataclasses.fields(Tag)} - {"why"}


def test_what_a_provision_says_of_its_place_has_columns() -> None:
    item = provisions(DOCUMENT)[1]
    provision = dataclasses.replace(
        item.tagged.provision,
        text="light bridges; and",
        lead_in="States will:",
        tail="where appropriate.",
        delegation=("Belarus",),
    )
    changed = dataclasses.replace(item, tagged=dataclasses.replace(item.tagged, provision=provision))
    row = provision_row(changed, DOCUMENT)
    assert row["reading"] == "States will: light bridges where appropriate."
    assert (row["tail"], row["delegation"], row["note_of"], row["about"]) == ("where appropriate.", ["Belarus"], "", "")


READINGS = [
    ("States will:", "light bridges;", "", "States will: light bridges;"),
    ("States will:", "light bridges, or", "as they see fit.", "States will: light bridges as they see fit."),
    ("States will:", "light sand", ", as they see fit.", "States will: light sand, as they see fit."),
    ("", "They met.", "", "They met."),
]


@pytest.mark.parametrize(("lead_in", "text", "tail", "reading"), READINGS)
def test_lead_in_text_and_tail_read_as_one_sentence(lead_in: str, text: str, tail: str, reading: str) -> None:
    provision = provisions(DOCUMENT)[1].tagged.provision
    assert dataclasses.replace(provision, lead_in=lead_in, text=text, tail=tail).reading == reading


def test_tags_fill_their_columns() -> None:
    recalling, calls, tasks = provision_rows()
    assert recalling["mentions"] == [
        {"symbol": "MC.DEC/91/07", "text": "MC.DEC/91/07", "note": "", "field": "text", "start": 10, "end": 22}
    ]
    assert (calls["addressee"], calls["qualifiers"]) == (["participating States"], ["as_appropriate"])
    assert tasks["deadlines"] == [{"text": "by 30 June 2092", "ref": "2092-06-30", "note": ""}]
    assert (recalling["strength_cue"], calls["strength_cue"]["rule"]) == (None, "verb")
    assert (tasks["strength"], tasks["strength_level"]) == ("mandating", 5)


def test_an_unresolved_addressee_is_given_in_words_and_once() -> None:
    item = provisions(DOCUMENT)[1]
    words = [Tag(TagKind.ADDRESSEE, Field.TEXT, 0, 5, "Calls"), Tag(TagKind.ADDRESSEE, Field.TEXT, 0, 5, "Calls")]
    tagged = dataclasses.replace(item.tagged, tags=(*item.tagged.tags, *words))
    row = provision_row(dataclasses.replace(item, tagged=tagged), DOCUMENT)
    assert row["addressee"] == ["participating States", "Calls"]


def test_a_reject_survives_the_way_through_arrow() -> None:
    table = to_table("rejects", [reject_row(reject("a.pdf"), "p1")])
    assert [reject_from_row(row) for row in table.to_pylist()] == [reject("a.pdf")]


BAD_ROWS = [
    ({"text": None}, "table provisions, column text: null in row p"),
    (
        {"strength": "strong"},
        "table provisions, column strength: unknown label 'strong' in row p.*Choose from: none, per",
    ),
    ({"threat_areas": ["arms", "floods"]}, "column threat_areas: unknown label 'floods'"),
    ({"role": ""}, "column role: unknown label ''"),
    ({"year": "long ago"}, "table provisions, column year, row p.*: not of type int32: "),
    ({"strength_level": 500}, "column strength_level, row p.*: not of type int8: "),
    ({"date": "2091-11-30"}, "column date, row p.*: not of type date32"),
    ({"heading": "Borders"}, "column heading, row p.*: not a list"),
    ({"colour": "red"}, "table provisions: unknown column colour in row p"),
]


@pytest.mark.parametrize(("change", "message"), BAD_ROWS)
def test_a_row_that_does_not_fit_is_named(change: dict[str, Any], message: str) -> None:
    first, second, third = provision_rows()
    with pytest.raises(SchemaError, match=message) as caught:
        to_table("provisions", [first, second | change, third])
    assert second["id"] in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_column_is_named() -> None:
    row = provision_rows()[0]
    del row["voice"]
    with pytest.raises(SchemaError, match=f"table provisions: missing column voice in row {row['id']}"):
        to_table("provisions", [row])


def test_two_rows_of_one_key_are_named() -> None:
    row = provision_rows()[0]
    with pytest.raises(SchemaError, match=f"table provisions: two rows have the same id: {row['id']}"):
        to_table("provisions", [row, row])


def test_nulls_are_allowed_where_they_are_declared() -> None:
    nullable = {column.name for column in PROVISIONS.columns if column.nullable}
    assert nullable == {"year", "page", "date", "strength_cue", "paragraph_id", "sentence", "sentences"}
    row = provision_rows()[0] | dict.fromkeys(nullable)
    assert to_table("provisions", [row]).num_rows == 1


def test_declarations_are_read_without_arrow() -> None:
    code = (
        "import sys, osce_commitments.tables, osce_commitments.dataset, osce_commitments.query\n"
        "print([name for name in ('pyarrow', 'deltalake', 'duckdb', 'filelock') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "[]\n"


@pytest.mark.parametrize("place", [place for place in Place if place not in (Place.HIT, Place.COMMITMENTS)])
def test_a_place_has_every_column_that_names_it_each_beside_its_neighbour(place: Place) -> None:
    own = {Place.LABELS: ITEM_COLUMNS, Place.REPORT: OWN_COLUMNS}.get(place, ())
    wanted = {column.name for column in (*DESCRIBED_COLUMNS, *DERIVED, *own) if place in column.shown}
    assert {column.name for column in columns_at(place, own)} == wanted


def test_a_new_column_stands_between_its_neighbour_and_the_next() -> None:
    new = Column("new", "string", "invented", shown={Place.TERMINAL: At("date")})
    names = [column.name for column in columns_at(Place.TERMINAL, [new])]
    assert names[names.index("date") + 1 :][:2] == ["new", "strength"]
