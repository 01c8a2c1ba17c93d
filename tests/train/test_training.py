"""From coded rows to a released classifier with a tiny random encoder: no package with weights, no network."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import yaml
from safetensors.numpy import load_file

from osce_commitments.classify import load_classifier, releases
from osce_commitments.classify.encoder.artefact import listed_sums, read_artefact, release_file
from osce_commitments.classify.encoder.inputs import Composer
from osce_commitments.errors import ConfigError
from osce_commitments.extra.hugging_face import export_hugging_face
from osce_commitments.scoring.corrected_rows import read_rows
from osce_commitments.tag import load_tagger
from osce_commitments.train import export_candidate, repool, train

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from osce_commitments.schema import TaggedProvision
    from osce_commitments.train import TrainConfig

    Make = Callable[..., TrainConfig]


class CutOffError(Exception):
    """The machine goes away."""


@pytest.fixture(scope="module")
def tagged(corpus_files: dict[str, Path]) -> list[TaggedProvision]:
    rows = read_rows(corpus_files["test"])
    return load_tagger().tag([row.provision(index) for index, row in enumerate(rows)])


def weights(work: Path) -> bytes:
    return (work / "model.safetensors").read_bytes()


def test_a_release_holds_no_pickle_and_every_file_has_a_hash(released: Path) -> None:
    assert {path.name for path in released.iterdir()} == {
        "artefact.json",
        "metrics.json",
        "MODEL_CARD.md",
        "SHA256SUMS",
    }
    shared = {"model.onnx", "tokenizer.json"}
    assert set(listed_sums(released)) == shared | {"artefact.json", "metrics.json", "MODEL_CARD.md"}
    assert all(release_file(released, name).parent.name == "files" for name in shared)


def test_a_release_is_listed_and_served(released: Path) -> None:
    root = released.parents[1]
    assert [(one.name, one.version, one.is_promoted) for one in releases.list_releases(root)] == [("tiny", "1", True)]
    assert releases.locate("tiny", root) == released


def test_the_next_version_is_exported_and_the_same_training_gives_the_same_bytes(
    released: Path, tiny: Make, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(releases.ENVIRONMENT, str(released.parents[1]))
    assert read_artefact(export_candidate(tiny(), work)).version == "2"
    again = export_candidate(tiny(), work, version="1")
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {
        path.name: release_file(released, path.name).read_bytes() for path in again.iterdir()
    }


def test_the_figures_of_every_judge_on_every_part_are_kept(released: Path) -> None:
    figures = json.loads((released / "metrics.json").read_text(encoding="utf-8"))
    assert figures["parts"].keys() == {"validation", "test"}
    for judges in figures["parts"].values():
        assert judges.keys() == {"rules", "network", "pooled"}
        assert judges["pooled"]["strength"].keys() == {"accuracy", "macro_f1", "kappa_quadratic", "mae", "ece"}
    assert figures["cost_points"]["test"].keys() == figures["cost_points"]["validation"].keys()
    assert "areas.macro_f1" in figures["cost_points"]["test"]
    card = (released / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "# tiny@1" in card
    assert "### On the test part" in card


def test_a_release_classifies(released: Path, tagged: list[TaggedProvision]) -> None:
    classifier = load_classifier(str(released))
    found = classifier.classify(tagged)
    assert classifier.id == "tiny@1"
    assert len(found) == len(tagged)
    for one in found:
        assert sum(one.strength_probabilities) == pytest.approx(1.0)
        assert one.strength_probabilities[one.strength.level] == max(one.strength_probabilities)
        assert len(one.area_probabilities) == 12
    assert classifier.classify([]) == []


def test_the_order_and_company_of_provisions_change_nothing_that_counts(
    released: Path, tagged: list[TaggedProvision]
) -> None:
    classifier = load_classifier(str(released))
    forwards, backwards = classifier.classify(tagged), classifier.classify(tagged[::-1])[::-1]
    alone = classifier.classify(tagged[:1])
    assert [one.strength for one in forwards] == [one.strength for one in backwards]
    assert alone[0].strength_probabilities == pytest.approx(forwards[0].strength_probabilities, abs=0.05)


def test_words_of_the_rules_explain_only_labels_that_both_give(released: Path, tagged: list[TaggedProvision]) -> None:
    ruled = load_classifier("rules").classify(tagged)
    for one, rule in zip(load_classifier(str(released)).classify(tagged), ruled, strict=True):
        assert one.strength_cue == (rule.strength_cue if one.strength == rule.strength else None)
        assert {cue.area for cue in one.area_cues} <= set(one.threat_areas)


def test_inference_needs_neither_torch_nor_transformers(released: Path) -> None:
    code = (
        "import sys; from osce_commitments.classify import load_classifier; "
        f"load_classifier({str(released)!r}); "
        "print([name for name in ('torch', 'transformers', 'datasets', 'onnx', 'scipy') if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_the_exported_network_gives_what_the_trained_one_gives(work: Path, tmp_path: Path) -> None:
    import torch

    from osce_commitments.classify.encoder.transformer import onnx_network
    from osce_commitments.train.fit import load_network, read_trained
    from osce_commitments.train.onnx_graph import export_full

    trained = read_trained(work)
    export_full(trained, tmp_path / "full.onnx")
    arrays = {
        "input_ids": np.array([[2, 9, 3, 11, 12, 3], [2, 3, 15, 3, 0, 0], [2, 7, 3, 8, 3, 0]]),
        "attention_mask": np.array([[1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 1, 0]]),
        "segment_ids": np.array([[0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 0, 0], [0, 0, 0, 1, 1, 0]]),
    }
    with torch.no_grad():
        wanted = load_network(trained)(**{name: torch.from_numpy(array) for name, array in arrays.items()})
    levels, areas = onnx_network(tmp_path / "full.onnx")(arrays)
    assert np.allclose(levels, wanted["log_levels"].numpy(), atol=1e-4)
    assert np.allclose(areas, wanted["area_logits"].numpy(), atol=1e-4)


def test_the_same_seed_gives_the_same_weights_and_another_one_others(tiny: Make, work: Path, tmp_path: Path) -> None:
    assert weights(train(tiny(), tmp_path / "again").folder) == weights(work)
    other = tiny(schedule={"seed": 1, "epochs": 1})
    assert weights(train(other, tmp_path / "other").folder) != weights(work)


@pytest.mark.parametrize(("native", "wanted"), [(True, "bfloat16"), (False, "float32")])
def test_the_numbers_are_those_that_the_processor_is_fast_with_unless_they_are_named(
    tiny: Make, monkeypatch: pytest.MonkeyPatch, wanted: str, *, native: bool
) -> None:
    import torch

    from osce_commitments.train.fit import precision

    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: native)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
    assert precision(tiny(schedule={"precision": "auto"})) == wanted
    assert precision(tiny(schedule={"precision": "float32"})) == "float32"


def test_bfloat16_is_another_training_and_recorded(tiny: Make, tmp_path: Path) -> None:
    short = {"epochs": 1, "precision": "bfloat16"}
    trained = train(tiny(schedule=short), tmp_path / "work")
    assert trained.record["precision"] == "bfloat16"
    assert weights(trained.folder) != weights(train(tiny(schedule={"epochs": 1}), tmp_path / "other").folder)


def test_a_training_that_was_cut_off_goes_on_to_the_same_weights(tiny: Make, work: Path, tmp_path: Path) -> None:
    folder, told = tmp_path / "work", []

    def cut(line: str) -> None:
        if line.startswith("epoch 2"):
            raise CutOffError

    with pytest.raises(CutOffError):
        train(tiny(), folder, say=cut)
    train(tiny(), folder, say=told.append)
    assert [line.split()[1] for line in told] == ["2", "3"]
    assert weights(folder) == weights(work)


def test_passes_without_gain_are_counted_across_an_interruption(tiny: Make, tmp_path: Path) -> None:
    nothing_learnt = {"epochs": 5, "patience": 2, "learning_rate": 1e-12, "head_learning_rate": 1e-12}
    told: list[str] = []

    def cut(line: str) -> None:
        if line.startswith("epoch 3"):
            raise CutOffError

    with pytest.raises(CutOffError):
        train(tiny(schedule=nothing_learnt), tmp_path / "work", say=cut)
    train(tiny(schedule=nothing_learnt), tmp_path / "work", say=told.append)
    assert [line.split()[1] for line in told] == ["3"]


def test_a_training_that_was_cut_off_within_a_pass_goes_on_to_the_same_weights(
    tiny: Make, work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("osce_commitments.train.fit._SECONDS_BETWEEN_LINES", 0)
    monkeypatch.setattr("osce_commitments.train.fit._STEPS_BETWEEN_CHECKPOINTS", 2)
    folder, told = tmp_path / "work", []

    def cut(line: str) -> None:
        if line.startswith("step 6 "):
            raise CutOffError

    with pytest.raises(CutOffError):
        train(tiny(), folder, say=cut)
    train(tiny(), folder, say=told.append)
    assert told[0].startswith("step 5 of at most 9")
    assert weights(folder) == weights(work)


def test_a_finished_training_is_not_repeated_unless_its_choices_change(tiny: Make, work: Path, tmp_path: Path) -> None:
    folder, told = tmp_path / "work", []
    train(tiny(schedule={"epochs": 1}), folder)
    train(tiny(schedule={"epochs": 1}, decision={"rule_smoothing": 1.0}), folder, say=told.append)
    assert told == [f"{folder} holds this training already"]
    train(tiny(), folder)
    assert weights(folder) == weights(work)


def test_weights_that_cost_too_much_are_not_released(tiny: Make, work: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(work, tmp_path / "work", ignore=shutil.ignore_patterns("candidate"))
    with pytest.raises(ConfigError, match=r"small weights are not within 0\.001 MB and 100 points: int8: \d\.\d MB"):
        export_candidate(tiny(export={"max_megabytes": 0.001, "max_loss_points": 100.0}), folder)
    assert not (folder / "candidate").exists()


def test_export_without_training_says_what_to_do(tiny: Make, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Train first"):
        export_candidate(tiny(), tmp_path)


def test_a_checkpoint_that_was_half_written_is_passed_over(tiny: Make, work: Path, tmp_path: Path) -> None:
    folder = tmp_path / "work"

    def cut(line: str) -> None:
        if line.startswith("epoch 3"):
            raise CutOffError

    with pytest.raises(CutOffError):
        train(tiny(), folder, say=cut)
    (last,) = [path for path in (folder / "checkpoints").iterdir() if path.name == "checkpoint-6"]
    (last / "trainer_state.json").unlink()
    half = folder / "checkpoints" / "checkpoint-9"
    half.mkdir()
    train(tiny(), folder)
    assert weights(folder) == weights(work)


def test_a_fresh_training_forgets_but_only_a_training(tiny: Make, tmp_path: Path) -> None:
    folder, told = tmp_path / "work", []
    short = tiny(schedule={"epochs": 1})
    train(short, folder)
    train(short, folder, fresh=True, say=told.append)
    assert told[0].startswith("epoch 1")
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter.txt").write_text("Dear colleague", encoding="utf-8")
    with pytest.raises(ConfigError, match="is not a training folder"):
        train(short, tmp_path / "letters")
    assert (tmp_path / "letters" / "letter.txt").exists()


def test_no_two_parts_of_a_corpus_are_one_file(tiny: Make, corpus_files: dict[str, Path], tmp_path: Path) -> None:
    config = tiny(data={"validation": str(corpus_files["train"])})
    with pytest.raises(ConfigError, match="two parts of the corpus are the same file"):
        train(config, tmp_path)


def test_a_released_network_is_pooled_anew_and_stays_as_it_is(released: Path, tiny: Make, tmp_path: Path) -> None:
    config = tiny(decision={"rule_smoothing": 1.0})
    folder = repool(config, str(released), tmp_path / "again", version="9")
    assert (folder / "model.onnx").read_bytes() == release_file(released, "model.onnx").read_bytes()
    made, old = read_artefact(folder), read_artefact(released)
    assert (made.version, made.network_of) == ("9", "tiny@1")
    assert made.training["decision"]["rule_smoothing"] == 1.0
    assert made.rules != old.rules
    assert "The weights of the network are those of `tiny@1`" in (folder / "MODEL_CARD.md").read_text(encoding="utf-8")
    same = read_artefact(repool(tiny(), str(released), tmp_path / "same", version="1"))
    assert (same.rules, same.pooling) == (old.rules, old.pooling)


def test_a_repooled_release_names_the_files_that_it_was_fitted_on(released: Path, tiny: Make, tmp_path: Path) -> None:
    source = tiny().data
    mine = tmp_path / "mine.jsonl"
    mine.write_bytes(source.validation.read_bytes() + b"\n")
    real = real_rows(source.train, tmp_path)
    config = tiny(data={**source.model_dump(), "validation": mine, "real": real})
    folder = repool(config, str(released), tmp_path / "again", version="9")
    made, old = read_artefact(folder), read_artefact(released)
    assert made.corpus == {
        part: hashlib.sha256(path.read_bytes()).hexdigest()
        for part, path in {"train": source.train, "real": real, "validation": mine}.items()
    }
    assert made.network_corpus == old.corpus
    assert made.training["data"]["validation"] == str(mine)
    card = (folder / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert f"validation: `{mine}`, SHA-256 `{made.corpus['validation']}`" in card
    assert "on 72 and 72 provisions" in card
    assert "### On the tune part" in card


def real_rows(source: Path, folder: Path) -> Path:
    """Half of the rows as the part learn of real documents, the other half as the part tune."""
    lines = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    path = folder / "real.jsonl"
    halves = [line | {"id": f"real-{at}", "part": ("learn", "tune")[at % 2]} for at, line in enumerate(lines)]
    path.write_text("".join(json.dumps(line) + "\n" for line in halves), encoding="utf-8")
    return path


def test_hugging_face_reads_what_is_exported_for_it(released: Path, work: Path, tiny: Make, tmp_path: Path) -> None:
    import torch
    from tokenizers import Tokenizer
    from transformers import AutoModel, AutoTokenizer

    from osce_commitments.train.fit import load_network, read_trained

    out = export_hugging_face(str(released), tmp_path / "small")
    tokenizer = AutoTokenizer.from_pretrained(out)
    row = replace(read_rows(tiny().data.test)[0], title="Work", heading="", text="States may act.")
    composer = Composer(
        Tokenizer.from_file(str(release_file(released, "tokenizer.json"))), read_artefact(released).inputs
    )
    own = composer.encode(row.provision(0))
    words = tokenizer(f"{row.role} | {row.title}", row.text)
    assert (tuple(words["input_ids"]), tuple(words["token_type_ids"])) == (own.ids, own.segments)
    words = words.convert_to_tensors("pt", prepend_batch_axis=True)
    model, told = AutoModel.from_pretrained(out, add_pooling_layer=False, output_loading_info=True)
    assert not told["missing_keys"]
    assert not told["unexpected_keys"]
    with torch.no_grad():
        found = model.eval()(**words).last_hidden_state
        exact = load_network(read_trained(work)).encoder(**words).last_hidden_state
    assert np.corrcoef(found.numpy().ravel(), exact.numpy().ravel())[0, 1] > 0.99
    card = (out / "README.md").read_text(encoding="utf-8")
    assert yaml.safe_load(card.split("---")[1])["pipeline_tag"] == "feature-extraction"
    assert "8-bit numbers turned back" in card
    with pytest.raises(ConfigError, match="is not empty"):
        export_hugging_face(str(released), out)


def test_a_training_goes_on_from_a_release(released: Path, tiny: Make, tmp_path: Path) -> None:
    """Encoder and heads are those of the release: with rates of nothing, the new network is the old one."""
    out = export_hugging_face(str(released), tmp_path / "small")
    still = {"epochs": 1, "learning_rate": 1e-12, "head_learning_rate": 1e-12}
    trained = train(tiny(encoder={"source": str(out)}, schedule=still), tmp_path / "work")
    heads = load_file(out / "heads.safetensors")
    network = load_file(trained.folder / "model.safetensors")
    assert {name for name in network if not name.startswith("encoder.")} == set(heads)
    assert all(np.allclose(network[name], values, atol=1e-5) for name, values in heads.items())


def test_the_history_has_a_row_for_each_pass(tiny: Make, tmp_path: Path) -> None:
    folder = train(tiny(schedule={"epochs": 1}), tmp_path / "work").folder
    (row,) = csv.DictReader((folder / "history.csv").read_text(encoding="utf-8").splitlines())
    assert float(row["validation_loss"]) > 0
