from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from osce_commitments.classify.encoder.artefact import MODEL_FILE, TOKENIZER_FILE, write_sums
from osce_commitments.dataset import Dataset
from osce_commitments.labels import DocumentType
from osce_commitments.query.search.encoder import ENCODER_FILE, FOLDER, INPUTS, NEEDED, OUTPUT, VERSION, Description
from tests.support.makers import LINES, batch, document, reject


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Version 1 holds a decision; version 2 an undated statement, an article, a decision of a year, and a reject."""
    dataset = Dataset(tmp_path_factory.mktemp("query") / "data")
    decision = document("in/decision.pdf")
    undated = document("in/undated.pdf", ["Encourages ODIHR's partners to act on États-Unis;"], date=None, symbol="")
    article = document("in/article.pdf", ["Calls upon B to follow the Vaduz Concept;"], kind=DocumentType.ARTICLE)
    later = document("in/later.pdf", ["Tasks the Secretary General (again) to act."], date=dt.date(2095, 5, 5))
    with dataset.writer("run1", pipeline="p1") as writer:
        writer.commit(batch(decision))
        writer.publish()
        writer.commit(batch(undated, article, later, rejects=[reject("in/bad.pdf")]))
    assert len(LINES) == 3
    return dataset


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A folder of released models with a tiny encoder: a row of random numbers per word, averaged."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    from tokenizers import Tokenizer, models, pre_tokenizers

    root = tmp_path / "models"
    folder = root / FOLDER / VERSION
    folder.mkdir(parents=True)
    words = ["[UNK]", "lost", "passports", "mines", "are", "reported", "cleared"]
    tokenizer = Tokenizer(models.WordLevel({word: at for at, word in enumerate(words)}, unk_token="[UNK]"))  # noqa: S106 - of text
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / TOKENIZER_FILE))
    table = np.random.default_rng(1).standard_normal((len(words), 8)).astype(np.float32)
    constants = {"table": table, "last": np.array([2]), "tokens": np.array([1])}
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["states"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["kept"]),
        helper.make_node("Mul", ["states", "kept"], ["counted"]),
        helper.make_node("ReduceSum", ["counted", "tokens"], ["sum"], keepdims=0),
        helper.make_node("LpNormalization", ["sum"], [OUTPUT], axis=-1, p=2),
    ]
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["rows", "length"]) for name in INPUTS]
    outputs = [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["rows", 8])]
    stored = [numpy_helper.from_array(array, name) for name, array in constants.items()]
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, stored)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(folder / MODEL_FILE))
    described = Description(
        name="tiny",
        version="1",
        source="tiny",
        sha256="",
        max_tokens=8,
        dimension=8,
        precision="full",
        package_version="0",
    )
    (folder / ENCODER_FILE).write_text(described.model_dump_json(), encoding="utf-8")
    write_sums(folder, NEEDED)
    return root
