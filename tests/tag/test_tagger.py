from __future__ import annotations

import datetime as dt
import doctest
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

import osce_commitments
from osce_commitments.errors import ConfigError
from osce_commitments.ids import DocumentId, ProvisionId
from osce_commitments.labels import Field, Polarity, Role, TagKind, Voice
from osce_commitments.resources import resource_file
from osce_commitments.schema import Provision, Tag
from osce_commitments.tag import Tagger, components, load_tagger
from osce_commitments.tag.components import SPAN_GROUP, STEPS, load_pipeline
from osce_commitments.tag.tag_input import Context

TEXT = "The Secretariat shall not, within\u00a0available resources,\nuse data of “Interpol” by 1\u00a0July 2013."


def _provision(text: str, lead_in: str = "", index: int = 0) -> Provision:
    return Provision(
        ProvisionId(f"p{index}"), DocumentId("d"), index, 0, len(text), text, Role.OPERATIVE, lead_in=lead_in
    )


def test_offsets_and_words_are_those_of_the_provision(tagger: Tagger) -> None:
    (tagged,) = tagger.tag([_provision(TEXT, "Decides, where appropriate, that:")])
    assert {tag.kind for tag in tagged.tags} >= {TagKind.ADDRESSEE, TagKind.QUALIFIER, TagKind.DEADLINE, TagKind.ACTOR}
    assert {tag.field for tag in tagged.tags} == {Field.TEXT, Field.LEAD_IN}
    for tag in tagged.tags:
        assert getattr(tagged.provision, tag.field.value)[tag.start : tag.end] == tag.text


def test_tags_are_sorted_by_field_and_start(tagger: Tagger) -> None:
    (tagged,) = tagger.tag([_provision(TEXT, "Decides, where appropriate, that:")])
    keys = [(tag.field, tag.start) for tag in tagged.tags]
    assert keys == sorted(keys)


def test_the_main_act_is_described(tagger: Tagger) -> None:
    active, passive = tagger.tag(
        [_provision("The Secretariat shall not use it."), _provision("States are urged to use it.", index=1)]
    )
    assert (active.polarity, active.voice) == (Polarity.REFRAIN, Voice.ACTIVE)
    assert (passive.polarity, passive.voice) == (Polarity.DO, Voice.PASSIVE)
    assert active.action.startswith("shall")


def test_items_that_share_a_lead_in_get_the_same_tags_of_it(tagger: Tagger) -> None:
    items = [_provision("keep a register;", "Tasks ODIHR to:", 0), _provision("publish it;", "Tasks ODIHR to:", 1)]
    first, second = ([tag for tag in tagged.tags if tag.field == Field.LEAD_IN] for tagged in tagger.tag(items))
    assert first == second
    assert TagKind.ADDRESSEE in {tag.kind for tag in first}


def test_an_actor_that_is_addressed_is_tagged_once(tagger: Tagger) -> None:
    (tagged,) = tagger.tag([_provision("Calls upon participating States to support ODIHR.")])
    assert [tag.text for tag in tagged.of(TagKind.ACTOR)] == ["ODIHR"]
    assert [tag.text for tag in tagged.of(TagKind.ADDRESSEE)] == ["participating States"]


@pytest.mark.parametrize("text", ["", " ", "…", "(a)", "\n", "\u0430" * 50])
def test_texts_without_anything(tagger: Tagger, text: str) -> None:
    (tagged,) = tagger.tag([_provision(text)])
    assert tagged.tags == ()


def test_tagging_is_deterministic(tagger: Tagger) -> None:
    provision = _provision(TEXT)
    assert tagger.tag([provision]) == load_tagger().tag([provision])


def test_importing_the_stage_loads_no_spacy() -> None:
    code = "import sys, osce_commitments.tag; sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_only_wanted_kinds_are_looked_for() -> None:
    (tagged,) = Tagger({TagKind.DATE}).tag([_provision(TEXT)])
    assert {tag.kind for tag in tagged.tags} <= {TagKind.DATE}


def test_every_kind_has_a_step() -> None:
    assert frozenset().union(*(kinds for _, kinds in STEPS.values())) >= set(TagKind) - {TagKind.PLACE}


def test_entry_points_name_every_component() -> None:
    project = Path(__file__).resolve().parents[2] / "pyproject.toml"
    lines = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["entry-points"]["spacy_factories"]
    own = {name: path for name, path in lines.items() if path.startswith("osce_commitments.tag.")}
    assert list(own) == [*STEPS, "osce_spans"]
    for name, path in own.items():
        assert path == f"{components.__name__}:{name}"
        assert callable(getattr(components, name))
    assert load_pipeline().pipe_names == list(own)


def test_the_example_of_the_components_runs() -> None:
    assert doctest.testmod(components) == (0, 4)


def test_tags_and_context_survive_serialisation() -> None:
    nlp = osce_commitments.nlp()
    doc = nlp.make_doc("Requests UNODC to report within three months.")
    doc._.osce_context = Context(date=dt.date(2012, 12, 7), body="PC")
    doc = nlp(doc)
    for copy in (
        Doc(nlp.vocab).from_bytes(doc.to_bytes()),
        *DocBin(docs=[doc], store_user_data=True).get_docs(nlp.vocab),
        *nlp.pipe([doc], n_process=2),
    ):
        assert copy._.osce_tags[: len(doc._.osce_tags)] == doc._.osce_tags
        assert copy._.osce_context == doc._.osce_context
        assert copy._.osce_actions == doc._.osce_actions
        assert [span.id_ for span in copy.spans[SPAN_GROUP]][: len(doc._.osce_tags)] == [
            tag.rule for tag in doc._.osce_tags
        ]
    assert [tag.ref for tag in doc._.osce_tags if tag.kind is TagKind.DEADLINE] == ["2013-03-07"]


def test_a_doc_has_the_tags_as_spans() -> None:
    nlp = spacy.load("osce_commitments")
    doc = nlp.make_doc("Requests UNODC to report within three months, as appropriate.")
    doc._.osce_context = Context(date=dt.date(2012, 12, 7), body="PC")
    doc = nlp(doc)
    spans = [(span.text, span.label_, span.id_) for span in doc.spans[SPAN_GROUP]]
    assert ("UNODC", "addressee", "actors.addressee.object_of_request") in spans
    assert ("as appropriate", "qualifier", "qualifiers.as_appropriate.where_appropriate") in spans
    assert not [span for span in spans if span[:2] == ("UNODC", "actor")]  # part of the addressee
    assert doc._.osce_actions.main == "Requests"


def test_a_run_tags_with_the_components_of_its_configuration(tmp_path: Path) -> None:
    @Language.component("shouting_names")
    def shouting_names(doc: Doc) -> Doc:
        state = components.read_doc(doc)
        for word in doc:
            if word.text == "ODIHR":
                state.tags.append(Tag(TagKind.PLACE, Field.TEXT, word.idx, word.idx + len(word), word.text))
        return doc

    config = tmp_path / "tagger.cfg"
    packaged = Path(str(resource_file("tagger.cfg"))).read_text(encoding="utf-8")
    config.write_text(
        packaged.replace('"osce_dates",', '"shouting_names",').replace("osce_dates", "shouting_names"), encoding="utf-8"
    )
    (tagged,) = load_tagger(config).tag([_provision("Requests ODIHR to report by 1 July 2013.")])
    assert [tag.text for tag in tagged.of(TagKind.PLACE)] == ["ODIHR"]
    assert not tagged.of(TagKind.DATE)


def test_a_configuration_that_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    config = tmp_path / "tagger.cfg"
    config.write_text(
        '[nlp]\nlang = "en"\npipeline = ["no_such"]\n[components.no_such]\nfactory = "no_such"\n', "utf-8"
    )
    for path in (config, tmp_path / "missing.cfg"):
        with pytest.raises(ConfigError, match="tagger configuration") as raised:
            load_tagger(path)
        assert "\n" not in str(raised.value)
