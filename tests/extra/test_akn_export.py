"""Export as Akoma Ntoso: the order of elements that the standard asks for, and the way back."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from osce_commitments.config import Limits, RunConfig
from osce_commitments.dataset import Dataset
from osce_commitments.documents import parse
from osce_commitments.extra.akn import akn_document, export_instruments
from osce_commitments.flows.batch import process_batch
from osce_commitments.labels import MediaType
from osce_commitments.provisions import segment
from osce_commitments.schema import ClassifiedProvision, Document, Provision, Source, SourceRef
from osce_commitments.sources import discover
from osce_commitments.tables import document_row, provision_row
from osce_commitments.texts.akn import AKN, ANALYSIS_NAMESPACE
from tests.support.akn import ANNEX, BODY, PREAMBLE, file_of, resolution
from tests.support.makers import batch, document

SAMPLES = sorted(
    path for path in Path("corpora/samples").iterdir() if path.suffix in {".pdf", ".docx", ".html", ".txt"}
)

# The order of children in the standard; what may repeat or lack is checked by comparing with the sorted order.
ORDER = {
    "akomaNtoso": ("statement", "doc"),
    "statement": ("meta", "coverPage", "preface", "preamble", "mainBody", "conclusions", "attachments"),
    "doc": ("meta", "coverPage", "preface", "preamble", "mainBody", "conclusions", "attachments"),
    "meta": ("identification", "analysis", "references"),
    "identification": ("FRBRWork", "FRBRExpression", "FRBRManifestation"),
    "FRBRWork": ("FRBRthis", "FRBRuri", "FRBRdate", "FRBRauthor", "FRBRcountry"),
    "FRBRExpression": ("FRBRthis", "FRBRuri", "FRBRdate", "FRBRauthor", "FRBRlanguage"),
    "FRBRManifestation": ("FRBRthis", "FRBRuri", "FRBRdate", "FRBRauthor", "FRBRformat"),
    "attachment": ("heading", "subheading", "doc"),
    "paragraph": ("num", "content", "list"),
    "point": ("num", "content", "list"),
    "list": ("intro", "point", "wrapUp"),
    "recital": ("num", "p", "blockList"),
    "blockList": ("listIntroduction", "item", "listWrapUp"),
    "item": ("num", "p", "blockList"),
    "authorialNote": ("p",),
    "content": ("p", "table"),
}
NEEDED = {
    "statement": {"meta", "mainBody"},
    "doc": {"meta", "mainBody"},
    "meta": {"identification"},
    "identification": {"FRBRWork", "FRBRExpression", "FRBRManifestation"},
    "list": {"point"},
    "FRBRWork": {"FRBRthis", "FRBRuri", "FRBRdate", "FRBRauthor", "FRBRcountry"},
    "FRBRExpression": {"FRBRthis", "FRBRuri", "FRBRdate", "FRBRauthor", "FRBRlanguage"},
    "FRBRManifestation": {"FRBRthis", "FRBRuri", "FRBRdate", "FRBRauthor"},
}
ATTRIBUTES = {
    "statement": {"name"},
    "doc": {"name"},
    "identification": {"source"},
    "analysis": {"source"},
    "references": {"source"},
    "otherAnalysis": {"source"},
    "formula": {"name"},
    "FRBRdate": {"date", "name"},
    "TLCConcept": {"eId", "href", "showAs"},
    "TLCOrganization": {"eId", "href", "showAs"},
    "ref": {"href"},
}


def _name(element: etree._Element) -> str:
    return str(element.tag).removeprefix(AKN)


def check_structure(content: bytes) -> etree._Element:
    """Compare a document with the order, the needed children and the needed attributes of the standard."""
    root = etree.fromstring(content)
    assert root.tag == f"{AKN}akomaNtoso"
    ids: Counter[str] = Counter()
    for element in root.iter(f"{AKN}*"):
        name = _name(element)
        children = [_name(child) for child in element if str(child.tag).startswith(AKN)]
        if name in ORDER:
            places = [ORDER[name].index(child) for child in children]
            assert places == sorted(places), (name, children)
        assert NEEDED.get(name, set()) <= set(children), (name, children)
        assert ATTRIBUTES.get(name, set()) <= set(element.keys()), name
        ids.update(filter(None, [element.get("eId")]))
    assert [eid for eid, count in ids.items() if count > 1] == []
    return root


def _exported(path: Path) -> list[tuple[Document, list[ClassifiedProvision], bytes]]:
    config = RunConfig(model="rules")
    result = process_batch(discover([str(path)], limits=config.limits).refs, config)
    found = []
    for one in result.documents:
        own = [item for item in result.provisions if item.tagged.provision.document == one.id]
        rows = [provision_row(item, one) for item in own]
        found.append((one, own, akn_document(document_row(one, "p", len(rows)), rows)))
    return found


def _read(content: bytes) -> Document:
    source = Source(SourceRef("/in/document.xml", MediaType.AKN), content)
    (one,), rejects = parse(source, limits=Limits())
    assert rejects == []
    return one


def _flat(words: str) -> str:
    return " ".join(words.split())


def _key(one: Provision) -> tuple[object, ...]:
    heading = tuple(map(_flat, one.heading))
    return (one.role, one.number, _flat(one.lead_in), _flat(one.text), heading, _flat(one.tail), one.delegation)


def _facts(one: Document) -> tuple[object, ...]:
    return (one.symbol, _flat(one.title), one.date, one.body, one.type, one.adopted)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_reading_an_export_gives_the_same_provisions(path: Path) -> None:
    for before, provisions, content in _exported(path):
        check_structure(content)
        after = _read(content)
        assert _facts(after) == _facts(before)
        rows = [item.tagged.provision for item in provisions]
        again = segment(after)
        assert [_key(one) for one in again if not one.note_mark] == [_key(one) for one in rows if not one.note_mark]
        notes = sorted((one.note_mark, _flat(one.text)) for one in again if one.note_mark)
        assert notes == sorted((one.note_mark, _flat(one.text)) for one in rows if one.note_mark)


def test_acts_and_citations_are_marked(tmp_path: Path) -> None:
    path = tmp_path / "lamps.xml"
    path.write_text(file_of(resolution(PREAMBLE + BODY + ANNEX)))
    ((before, provisions, content),) = _exported(path)
    root = check_structure(content)
    acts = {(span.text, span.get("refersTo")) for span in root.iter(f"{AKN}span") if span.get("class") == "act"}
    assert ("Urges", "#urging") in acts
    assert {ref.get("href") for ref in root.iter(f"{AKN}ref")} >= {
        "https://undocs.org/en/A/RES/68/241",
        "https://undocs.org/en/S/RES/9535(2061)",
    }
    (note,) = root.iter(f"{AKN}authorialNote")
    assert (note.get("marker"), "".join(note.itertext()).strip()) == ("1", "See A/145/7, annex.")
    labels = list(root.iter(f"{{{ANALYSIS_NAMESPACE}}}provision"))
    assert [label.get("id") for label in labels] == [item.tagged.provision.id for item in provisions]
    eids = {element.get("eId") for element in root.iter() if element.get("eId")}
    hrefs = [label.get("href", "") for label in labels]
    assert all(href.removeprefix("#") in eids for href in hrefs)
    assert [_key(one) for one in segment(_read(content)) if not one.note_mark] == [
        _key(item.tagged.provision) for item in provisions if not item.tagged.provision.note_mark
    ]
    assert _facts(_read(content)) == _facts(before)


def test_a_number_that_the_place_does_not_give_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "lamps.txt"
    path.write_text(
        "MINISTERIAL COUNCIL\n\nDecision on lamps\n\n1. We have counted all lamps of our bridges.\n\n"
        "(a) Participating States will light them every night.\n\n2. We decide to meet again in spring.\n"
    )
    ((_, provisions, content),) = _exported(path)
    numbers = [item.tagged.provision.number for item in provisions]
    assert "1 (a)" in numbers
    assert [one.number for one in segment(_read(content))] == numbers


def test_one_file_per_instrument_and_a_manifest(tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "data")
    with dataset.writer("run1", pipeline="p1") as writer:
        writer.commit(batch(document("a.pdf")))
        writer.commit(batch(document("u.pdf", ["Tasks & duties <of> all."], date=None)))
    for _ in range(2):  # the second export replaces the first
        out = export_instruments(dataset, None, tmp_path / "out")
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["format"] == "akn"
    assert {path.name for path in out.iterdir()} == {*manifest["files"], "manifest.json"}
    assert len(manifest["files"]) == 2
    for name in manifest["files"]:
        check_structure((out / name).read_bytes())


def test_of_several_citations_at_one_place_the_first_is_marked(tmp_path: Path) -> None:
    # A set of marks had another order in each process.
    source = tmp_path / "lamps.txt"
    source.write_text("DECISION No. 9701/91\n\nThe Permanent Council,\n\n1. Recalls Decision No. 9700/90 on lamps;\n")
    ((read, items, _),) = _exported(source)
    rows = [provision_row(item, read) for item in items]
    row = next(row for row in rows if any(tag["kind"] == "instrument" for tag in row["tags"]))
    cited = next(tag for tag in row["tags"] if tag["kind"] == "instrument")
    row["tags"] = [cited | {"ref": f"PC.DEC/{number}"} for number in range(9710, 9720)]
    text = akn_document(document_row(read, "p", len(rows)), rows).decode()
    assert [number for number in range(9710, 9720) if f"PC.DEC%2F{number}" in text] == [9710]
