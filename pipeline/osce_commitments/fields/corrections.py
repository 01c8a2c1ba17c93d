"""The columns of ``corrections``."""

from __future__ import annotations

from osce_commitments.fields.column import Column, ListOf, TableDefinition
from osce_commitments.labels import Basis, Boundary, CorrectionKind, ObligationStrength, Role, ThreatArea

CORRECTIONS = TableDefinition(
    "corrections",
    "one row per answer of a person; rows are only added, the newest row of a person counts",
    key=("number",),
    order=("number",),
    stats=("number",),
    columns=(
        Column("number", "int64", "position in the table, from 1"),
        Column("made_at", "timestamp", "when it was written, UTC"),
        Column("made_by", "string", "name of the person"),
        Column("kind", CorrectionKind, "answer, withdrawal or adjudication"),
        Column("key", "string", "what the provision is; see provisions.key"),
        Column("provision", "string", "id of the provision at that time"),
        Column("symbol", "string", "symbol of its document at that time; empty if none"),
        Column("title", "string", "title of its document at that time"),
        Column("heading", ListOf("string"), "headings above it at that time, outermost first"),
        Column("lead_in", "string", "its lead-in at that time"),
        Column("text", "string", "its words at that time"),
        Column("strength", ObligationStrength, "right obligation strength; null if not answered", nullable=True),
        Column("threat_areas", ListOf(ThreatArea), "right threat areas; null if not answered", nullable=True),
        Column("area_basis", ListOf(Basis), "what each of these areas stands on; null if not answered", nullable=True),
        Column("addressee", ListOf("string"), "right addressees; null if not answered", nullable=True),
        Column("role", Role, "right part of the document; null if not answered", nullable=True),
        Column("boundary", Boundary, "what is wrong with the boundaries; null if nothing", nullable=True),
        Column("rule", "string", "rule of the annotation guide, such as S6; empty if none is named"),
        Column("reason", "string", "reason in words; empty if none"),
        Column("model_id", "string", "classifier whose labels the person saw"),
        Column("model_strength", ObligationStrength, "obligation strength by that classifier"),
        Column("model_areas", ListOf(ThreatArea), "threat areas by that classifier"),
        Column("model_role", Role, "part of the document by the program"),
        Column("model_addressee", ListOf("string"), "addressees by the program"),
        Column("origin", "string", "file or command that it came from, or page"),
    ),
)
