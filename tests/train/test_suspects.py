"""Labels that models doubt."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("scipy")
pytest.importorskip("torch")

from osce_commitments.errors import InputError
from osce_commitments.train.suspects import suspects

pytestmark = pytest.mark.train


def test_a_label_two_levels_off_is_suspected_first(tmp_path: Path) -> None:
    lines = []
    for at in range(120):
        strength, verb = (
            ("mandating", "Tasks the Secretariat to"),
            ("none", "Welcomes that States"),
            ("urging", "Calls upon States to"),
        )[at % 3]
        area = ("arms", "guard the depots of small arms") if at % 2 else ("terrorism", "act against terrorism")
        lines.append({
            "id": str(at), "doc": f"d{at % 20}", "title": "Decision", "role": "operative", "heading": "", "lead_in": "",
            "number": "", "text": f"{verb} {area[1]} in region {at};", "strength": strength, "threat_areas": [area[0]],
        })  # fmt: skip
    lines[0]["strength"], lines[1]["threat_areas"] = "none", []
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    found = suspects(path)
    assert (found[0].row.id, found[0].label, found[0].given, found[0].likelier) == (
        "0",
        "strength",
        "none",
        "mandating",
    )
    assert ("1", "arms", "no", "yes") in {(one.row.id, one.label, one.given, one.likelier) for one in found}
    assert {one.row.id for one in found} <= {"0", "1"}
    path.write_text("\n".join(map(json.dumps, lines[:3])))
    with pytest.raises(InputError, match="rows of 3 documents; at least 10 are needed"):
        suspects(path)
