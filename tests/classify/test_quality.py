"""What a released classifier says of its own quality."""

from __future__ import annotations

from typing import TYPE_CHECKING

from osce_commitments.classify.quality import Quality, QualityFile, quality_of

if TYPE_CHECKING:
    from pathlib import Path

_REAL = Quality(kind="real documents", provisions=1200, documents=36, sentences=("Of 100 levels, about 5 are wrong.",))


def test_the_sentences_of_a_release_are_read_from_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "artefact.json").write_text("{}", encoding="utf-8")
    assert quality_of(str(folder)) == ()
    (folder / "quality.json").write_text(QualityFile(kinds=(_REAL,)).model_dump_json(), encoding="utf-8")
    (found,) = quality_of(str(folder))
    assert found.heading == "Real documents (1,200 provisions of 36 documents)"
    assert found.sentences == _REAL.sentences


def test_rules_unknown_names_and_damaged_files_say_nothing(tmp_path: Path) -> None:
    assert quality_of("rules-4") == quality_of("rules") == quality_of("none@9") == ()
    (tmp_path / "artefact.json").write_text("{}", encoding="utf-8")
    (tmp_path / "quality.json").write_text("[]", encoding="utf-8")
    assert quality_of(str(tmp_path)) == ()
