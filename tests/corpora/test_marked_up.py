"""Measures against mark-up: forms set from authored mark-up, and what is counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpora.marked_up.__main__ import figures_of, main, measure_file
from corpora.marked_up.forms import DocumentForm, set_lines, set_pdf, set_text
from corpora.marked_up.scores import STRUCTURE_MEASURES, level_of_act, spelled
from corpora.marked_up.truth import UnitKind, read_truth
from osce_commitments.labels import ObligationStrength
from tests.support.akn import ANNEX, BODY, PREAMBLE, file_of, resolution


def _write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_truth_of_the_mark_up() -> None:
    found = read_truth(file_of(resolution()).encode())
    assert found is not None
    truth, _ = found
    assert (truth.symbol, truth.title, str(truth.date)) == ("A/RES/145/9001", "Lamps on bridges", "2091-01-14")
    stem = "Requests the Secretary-General:"
    inner = "To count the lamps, as set out in resolution 68/241, with regard to:"
    assert [(unit.kind, unit.number, unit.stems) for unit in truth.units] == [
        (UnitKind.RECITAL, "", ()),
        (UnitKind.RECITAL, "", ()),
        (UnitKind.PARAGRAPH, "1", ()),
        (UnitKind.ITEM, "2 (a) (i)", (stem, inner)),
        (UnitKind.ITEM, "2 (a)", (stem, inner)),
        (UnitKind.ITEM, "2 (b)", (stem,)),
        (UnitKind.PARAGRAPH, "3", ()),
    ]
    assert truth.units[0].cited == ("A/RES/68/241", "S/RES/9535(2061)")
    assert truth.units[3].cited == ("A/RES/68/241",)
    assert "annex" in truth.words


def test_a_flat_list_is_no_truth() -> None:
    body = """<mainBody><paragraph><num>1.</num><content><p>Encourages States:</p></content></paragraph>
    <paragraph><content><p>(a) To light bridges;</p></content></paragraph></mainBody>"""
    found = read_truth(file_of(resolution(PREAMBLE + body)).encode())
    assert found is not None
    assert [(unit.kind, unit.number) for unit in found[0].units[2:]] == [(UnitKind.FLAT, None)] * 2


def test_a_heading_that_is_marked_as_a_paragraph_is_no_truth() -> None:
    body = """<mainBody><paragraph><content><p>Lamps of the north</p></content></paragraph>
    <paragraph><content><p>Lamps burn at night.</p></content></paragraph></mainBody>"""
    found = read_truth(file_of(resolution(PREAMBLE + body)).encode())
    assert found is not None
    assert [unit.kind for unit in found[0].units[2:]] == [UnitKind.FLAT, UnitKind.PARAGRAPH]


def test_text_without_mark_up_has_the_numbers_and_no_notes() -> None:
    found = read_truth(file_of(resolution()).encode())
    assert found is not None
    text = set_text(set_lines(found[1])).decode()
    assert "145/9001. Lamps on bridges" in text
    assert "\n\n(a) To count the lamps" in text
    assert "See A/145/7" not in text


def test_a_heading_inside_an_item_is_above_its_number() -> None:
    body = """<mainBody><paragraph><num>1.</num><list><intro><p>Requests the Board:</p></intro>
    <point><num>(a)</num><content><p>To count lamps;</p></content></point>
    <point><subheading>Oil:</subheading><num>(b)</num><content><p>To save oil.</p></content></point></list></paragraph></mainBody>"""
    found = read_truth(file_of(resolution(PREAMBLE + body)).encode())
    assert found is not None
    assert set_text(set_lines(found[1])).decode().endswith("\n\n(a) To count lamps;\n\nOil:\n\n(b) To save oil.\n")


def test_every_form_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = _write(tmp_path / "in", "lamps.xml", file_of(resolution(PREAMBLE + BODY + ANNEX)))
    found = read_truth((folder / "lamps.xml").read_bytes())
    assert found is not None
    (folder / "lamps.pdf").write_bytes(set_pdf(set_lines(found[1])))
    _write(folder, "other.xml", "<lamp/>")
    monkeypatch.setattr("sys.argv", ["marked_up", str(folder), "--out", str(tmp_path / "out")])
    main()
    figures = json.loads((tmp_path / "out" / "metrics.json").read_text())
    assert list(figures["forms"]) == [form.value for form in DocumentForm]
    shares = {name: one["share"] for name, one in figures["forms"]["mark-up"]["measures"].items()}
    assert shares == dict.fromkeys(STRUCTURE_MEASURES, 1.0)
    assert figures["documents"] == 1
    assert [one["file"] for one in figures["left_out"]] == ["other.xml"]
    assert figures["forms"]["text"]["measures"]["recitals whole"]["of"] == 2
    for line in (tmp_path / "out" / "errors.jsonl").read_text().splitlines():
        assert {"document", "form", "what", "expected", "given", "rows"} <= json.loads(line).keys()
    assert "| measure | mark-up (1) | text (1) |" in capsys.readouterr().out


def test_a_failure_names_its_rows(tmp_path: Path) -> None:
    # The number of the second paragraph is printed wrong: the mark-up that is removed still says 3.
    folder = _write(tmp_path / "in", "lamps.xml", file_of(resolution()))
    wrong = read_truth(file_of(resolution(PREAMBLE + BODY.replace("<num>3.</num>", "<num>7.</num>"))).encode())
    assert wrong is not None
    (folder / "lamps.pdf").write_bytes(set_pdf(set_lines(wrong[1])))
    scores, _ = measure_file(folder / "lamps.xml", [DocumentForm.PRINTED_PDF], "rules")
    failures = [one for score in scores for one in score.problems if one.what == "number"]
    assert [(one.expected, one.given, len(one.rows)) for one in failures][-1:] == [("3", "7", 1)]


@pytest.mark.parametrize(
    ("printed", "marked", "is_same"),
    [
        ("in accordanc e with the rules", "in accordance with the rules", False),
        ("middleincome towns", "middle-income towns", False),
        ("middle -income towns", "middle-income towns", False),
        ("(a) the rules,² and “lamps”;", "the rules, and “lamps”", True),
        ("non\u2011lethal lamps", "non-lethal lamps", True),
    ],
)
def test_words_are_compared_with_their_spaces_and_hyphens(printed: str, marked: str, *, is_same: bool) -> None:
    assert (spelled(printed.removeprefix("(a) ")) == spelled(marked)) == is_same


def test_nothing_to_measure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["marked_up", str(tmp_path), "--out", str(tmp_path / "out")])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("act", "words", "level"),
    [
        ("Also urges", "Also urges States to light bridges;", ObligationStrength.URGING),
        ("Strongly encourages", "Strongly encourages States to light bridges;", ObligationStrength.URGING),
        ("Encourages", "Encourages States to light bridges;", ObligationStrength.ENCOURAGING),
        ("Decides", "Decides to meet in spring;", ObligationStrength.MANDATING),
        ("Requests", "Requests the Secretary-General to count lamps;", ObligationStrength.MANDATING),
        ("Requests", "Requests Member States to count lamps;", ObligationStrength.URGING),
        ("Requests", "Requests everybody to count lamps;", None),
        ("Welcomes", "Welcomes the lamps;", None),
        ("Encourages", "Encourages States to light bridges, and requests them to report;", None),
        ("", "States are proud;", None),
    ],
)
def test_level_of_an_act(act: str, words: str, level: ObligationStrength | None) -> None:
    assert level_of_act(act, words) is level


@pytest.mark.parametrize(("printed", "share"), [("68/241 L", 1.0), ("68/242", 0.5)])
def test_a_link_leads_to_the_whole_resolution_of_a_part(printed: str, share: float, tmp_path: Path) -> None:
    text = file_of(resolution(PREAMBLE.replace(">68/241</a>", f">{printed}</a>") + "<mainBody/>"))
    scores, _ = measure_file(_write(tmp_path / "in", "a.xml", text) / "a.xml", [DocumentForm.TEXT], "rules")
    assert figures_of(scores)[DocumentForm.TEXT]["linked citations"].recall.value == share
