"""One source through the stages: what a failure becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from osce_commitments import documents
from osce_commitments.classify import RULES, load_classifier
from osce_commitments.config import Limits
from osce_commitments.flows import reading
from osce_commitments.flows.reading import label, read
from osce_commitments.labels import MediaType
from osce_commitments.schema import Source, SourceRef

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = "mc-doc-93-17.html"


@pytest.fixture
def page(samples: Path) -> Source:
    return Source(SourceRef(SAMPLE, MediaType.HTML), (samples / SAMPLE).read_bytes())


def test_a_source_gives_its_documents_and_their_tagged_provisions(page: Source) -> None:
    stages: list[str] = []
    found = read(page, Limits(), stages.append)
    assert [len(found.documents), len(found.provisions), found.rejects] == [1, 1, ()]
    assert stages == list(found.seconds) == ["documents", "provisions", "tag"]
    assert all(item.provision.document == found.documents[0].id for item in found.provisions[0])


def test_a_defect_in_a_reader_is_a_reject(page: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a defect")

    monkeypatch.setattr(documents, "parse", fail)
    (reject,) = read(page, Limits()).rejects
    assert (reject.stage, reject.reason, reject.source_sha256) == ("documents", "defect", page.sha256)
    assert "ZeroDivisionError" in reject.message


def test_a_defect_names_the_stage_that_failed(page: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def tag(self, _: object) -> object:
            raise ZeroDivisionError("a defect")

    monkeypatch.setattr(reading, "_tagger", Broken)
    assert [(reject.stage, reject.reason) for reject in read(page, Limits()).rejects] == [("tag", "defect")]


@pytest.mark.parametrize(("error", "reason"), [(RecursionError(), "too_deep"), (RuntimeError(), "defect")])
def test_a_file_that_is_nested_too_deeply_is_no_defect(
    page: Source, error: Exception, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(documents, "parse", fail)
    assert [reject.reason for reject in read(page, Limits()).rejects] == [reason]


def test_a_lack_of_memory_is_left_to_the_process(page: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(documents, "parse", fail)
    with pytest.raises(MemoryError):
        read(page, Limits())


def test_a_reading_is_classified(page: Source) -> None:
    reading = read(page, Limits())
    result = label(reading, page, load_classifier(RULES))
    assert [item.tagged for item in result.provisions] == list(reading.provisions[0])
    assert list(result.seconds) == ["documents", "provisions", "tag", "classify"]


def test_a_classifier_that_fails_makes_the_source_a_reject(page: Source) -> None:
    class Broken:
        id = "broken-1"

        def classify(self, _: object) -> list[object]:
            raise ZeroDivisionError("a defect")

    result = label(read(page, Limits()), page, Broken())
    assert (result.documents, result.provisions) == ((), ())
    assert [(reject.stage, reject.reason) for reject in result.rejects] == [("classify", "defect")]
