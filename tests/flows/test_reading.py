"""One source through the stages: what a failure becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from osce_commitments import documents
from osce_commitments.classify import RULES, load_classifier
from osce_commitments.config import Limits
from osce_commitments.flows import reading
from osce_commitments.flows.reading import process
from osce_commitments.labels import MediaType
from osce_commitments.schema import Source, SourceRef

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = "mc-doc-93-17.html"


@pytest.fixture
def page(samples: Path) -> Source:
    return Source(SourceRef(SAMPLE, MediaType.HTML), (samples / SAMPLE).read_bytes())


def test_a_source_gives_its_documents_and_their_labelled_provisions(page: Source) -> None:
    stages: list[str] = []
    found = process(page, Limits(), load_classifier(RULES), stages.append)
    assert [len(found.documents), found.rejects] == [1, ()]
    assert stages == list(found.seconds) == ["documents", "provisions", "tag", "classify"]
    assert {item.tagged.provision.document for item in found.provisions} == {found.documents[0].id}


def test_a_defect_in_a_reader_is_a_reject(page: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a defect")

    monkeypatch.setattr(documents, "parse", fail)
    (reject,) = process(page, Limits(), load_classifier(RULES)).rejects
    assert (reject.stage, reject.reason, reject.source_sha256) == ("documents", "defect", page.sha256)
    assert "ZeroDivisionError" in reject.message


def test_a_defect_names_the_stage_that_failed(page: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def tag(self, _: object) -> object:
            raise ZeroDivisionError("a defect")

    monkeypatch.setattr(reading, "loaded_tagger", Broken)
    assert [(reject.stage, reject.reason) for reject in process(page, Limits(), load_classifier(RULES)).rejects] == [
        ("tag", "defect")
    ]


@pytest.mark.parametrize(("error", "reason"), [(RecursionError(), "too_deep"), (RuntimeError(), "defect")])
def test_a_file_that_is_nested_too_deeply_is_no_defect(
    page: Source, error: Exception, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(documents, "parse", fail)
    assert [reject.reason for reject in process(page, Limits(), load_classifier(RULES)).rejects] == [reason]


def test_a_lack_of_memory_is_left_to_the_process(page: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(documents, "parse", fail)
    with pytest.raises(MemoryError):
        process(page, Limits(), load_classifier(RULES))


def test_a_classifier_that_fails_makes_the_source_a_reject(page: Source) -> None:
    class Broken:
        id = "broken-1"

        def classify(self, _: object) -> list[object]:
            raise ZeroDivisionError("a defect")

    result = process(page, Limits(), Broken())
    assert (result.documents, result.provisions) == ((), ())
    assert [(reject.stage, reject.reason) for reject in result.rejects] == [("classify", "defect")]


def test_a_file_of_too_many_provisions_is_refused(page: Source) -> None:
    (reject,) = process(page, Limits(max_provisions=3), load_classifier(RULES)).rejects
    assert (reject.stage, reject.reason) == ("provisions", "too_many_provisions")
    assert "more than 3" in reject.message
    assert "limits.max_provisions" in reject.remedy


def test_a_file_with_an_endless_provision_is_refused() -> None:
    page = Source(
        SourceRef("/in/a.txt", MediaType.TEXT), b"The States decide to report" + b" on lamps and ships" * 9_000
    )
    (reject,) = process(page, Limits(), load_classifier(RULES)).rejects
    assert (reject.stage, reject.reason) == ("provisions", "too_long_provision")
    assert "171,027 characters" in reject.message
    assert "limits.max_provision_characters" in reject.remedy
    assert process(page, Limits(max_provision_characters=200_000), load_classifier(RULES)).provisions
