"""What a classifier may be served on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from osce_commitments.classify.encoder.artefact import sums_sha256
from osce_commitments.classify.releases import ENVIRONMENT
from osce_commitments.errors import ConfigError, InputError
from osce_commitments.evaluate.floors import forced_grounds, gate, grounds_of

if TYPE_CHECKING:
    from pathlib import Path

_FIGURES: dict[str, Any] = {
    "model_id": "demo@1",
    "data": {"name": "rows.jsonl", "sha256": "a" * 64},
    "strength": {"accuracy": 0.9, "macro_f1": 0.8, "kappa_quadratic": 0.85, "ece": 0.02},
    "areas": {"micro_f1": 0.9, "macro_f1": 0.85, "ece_likely": 0.03},
}


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that has what identifies a release."""
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "artefact.json").write_text("{}", encoding="utf-8")
    (folder / "SHA256SUMS").write_text(f"{'0' * 64}  artefact.json\n", encoding="utf-8")
    return folder


def measured(path: Path, folder: Path, **strength: float) -> Path:
    figures = _FIGURES | {"model_sha256": sums_sha256(folder), "strength": _FIGURES["strength"] | strength}
    path.write_text(json.dumps(figures), encoding="utf-8")
    return path


@pytest.fixture
def floors(tmp_path: Path, model: Path) -> Path:
    gate(measured(tmp_path / "first.json", model), tmp_path / "floors.json", "own", sets=True)
    return tmp_path / "floors.json"


def test_figures_that_meet_the_floors_are_the_grounds(tmp_path: Path, model: Path, floors: Path) -> None:
    found = grounds_of(str(model), floors, metrics=[tmp_path / "first.json"], reason="as good")
    assert (found.reason, found.is_forced, found.figures["own"]["strength.accuracy"]) == ("as good", False, 0.9)


@pytest.mark.parametrize(
    ("gain", "is_sure", "is_served"), [(-0.05, True, False), (-0.05, False, True), (0.05, True, True)]
)
def test_a_loss_on_real_rows_beyond_their_documents_is_refused(  # noqa: PLR0913 - fixtures
    tmp_path: Path,
    model: Path,
    floors: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    gain: float,
    is_sure: bool,
    is_served: bool,
) -> None:
    row = {"figure": "areas.micro_f1", "gain": gain, "low": gain - 0.02, "high": gain + 0.02, "sure": is_sure}
    monkeypatch.setattr("osce_commitments.evaluate.classifier.compare_on", lambda *_: ([row], 50))

    def ask() -> object:
        return grounds_of(str(model), floors, metrics=[tmp_path / "first.json"], real=tmp_path / "real.jsonl")

    if is_served:
        assert ask()
    else:
        with pytest.raises(ConfigError, match=r"loses on .*real\.jsonl .*areas\.micro_f1 -0\.050 \[-0\.070, -0\.030\]"):
            ask()


def test_a_missed_floor_is_named(tmp_path: Path, model: Path, floors: Path) -> None:
    worse = measured(tmp_path / "m.json", model, accuracy=0.8)
    with pytest.raises(ConfigError, match=r"misses its floors: own: strength\.accuracy: 0\.8 is below the floor 0\.9"):
        grounds_of(str(model), floors, metrics=[worse])
    unmeasured = measured(tmp_path / "m.json", model, accuracy=float("nan"))
    with pytest.raises(ConfigError, match="not measured"):
        grounds_of(str(model), floors, metrics=[unmeasured])


def test_every_entry_counts_and_its_data_must_be_found(tmp_path: Path, model: Path, floors: Path) -> None:
    entries = json.loads(floors.read_text(encoding="utf-8"))
    entries["other"] = entries["own"] | {"data_sha256": "b" * 64, "data": "none.jsonl"}
    floors.write_text(json.dumps(entries), encoding="utf-8")
    with pytest.raises(InputError, match=r"the data of the floors 'other' are missing at none\.jsonl"):
        grounds_of(str(model), floors, metrics=[tmp_path / "first.json"])


def test_figures_of_other_files_are_no_grounds(tmp_path: Path, model: Path, floors: Path) -> None:
    (model / "SHA256SUMS").write_text(f"{'1' * 64}  artefact.json\n", encoding="utf-8")
    for ask in (
        lambda: grounds_of(str(model), floors, metrics=[tmp_path / "first.json"]),
        lambda: forced_grounds(str(model), [tmp_path / "first.json"], "a trial"),
    ):
        with pytest.raises(ConfigError, match=r"has the figures of demo@1 with other files"):
            ask()


def test_a_file_without_floors_lets_nothing_pass(tmp_path: Path, model: Path) -> None:
    (tmp_path / "empty.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ConfigError, match="has no floors"):
        grounds_of(str(model), tmp_path / "empty.json")
