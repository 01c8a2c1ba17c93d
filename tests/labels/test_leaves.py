"""Labels, ids and errors: the leaves that everything stands on."""

from __future__ import annotations

import pickle

import pytest

from osce_commitments.errors import ConfigError, DocumentError, SourceError
from osce_commitments.ids import document_id, fingerprint, provision_id
from osce_commitments.labels import (
    STRENGTHS,
    THREAT_AREAS,
    Adopted,
    DocumentType,
    ObligationStrength,
    Role,
    ThreatArea,
    Why,
    note_text,
)


def test_the_scale_is_ordinal() -> None:
    assert [label.level for label in STRENGTHS] == [0, 1, 2, 3, 4, 5]
    assert STRENGTHS[0] == "none"
    assert ObligationStrength.at(5) is ObligationStrength.MANDATING
    assert len(THREAT_AREAS) == 12


def test_every_label_has_a_definition_and_survives_pickling() -> None:
    for label in (*STRENGTHS, *THREAT_AREAS, *DocumentType, *Adopted):
        assert label.definition
        assert pickle.loads(pickle.dumps(label)) is label  # noqa: S301 - our own bytes


def test_unknown_labels_are_refused() -> None:
    with pytest.raises(ValueError, match="piracy"):
        ThreatArea("piracy")


def test_the_body_acts_in_operative_text_and_annexes() -> None:
    assert [role for role in Role if role.is_operative] == [Role.OPERATIVE, Role.ANNEX]


def test_ids_keep_their_parts_apart() -> None:
    assert fingerprint("ab", "c") != fingerprint("a", "bc")
    first = document_id("00", 1)
    assert first != document_id("00", 2)
    assert provision_id(first, 1, 23, "v") != provision_id(first, 12, 3, "v")
    assert provision_id(first, 1, 2, "v") != provision_id(first, 1, 2, "w")


def test_an_id_depends_on_the_document_the_place_and_the_words_alone() -> None:
    assert document_id("ab" * 32, 2) == "d4e0d0052c66bb658"
    assert provision_id(document_id("ab" * 32, 2), 10, 22, "States act.") == "p6d482982138956de"


@pytest.mark.parametrize(
    "error",
    [ConfigError("a", "b"), SourceError("a", "b", reason="missing"), DocumentError("a", "b", reason="empty")],
    ids=lambda error: type(error).__name__,
)
def test_errors_cross_processes_whole(error: ConfigError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(again) is type(error)
    assert str(again) == "a. B"
    assert getattr(again, "reason", None) == getattr(error, "reason", None)


def test_every_reason_has_a_wording() -> None:
    assert all(note_text(why, "one", "other") for why in Why)
    assert note_text(Why.AMBIGUOUS, "one | other") == "ambiguous: one | other"
    assert not note_text(None)
