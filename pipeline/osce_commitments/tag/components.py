"""The spaCy pipeline that tags: its components, what they write on a Doc, and how a configuration becomes a pipeline.

The distribution's entry points in the group ``spacy_factories`` name the factories below, so that ``nlp.add_pipe("osce_dates")``
works in any pipeline, and ``resources/tagger.cfg`` lists those of ``run`` in their order. A component adds its tags, with
characters instead of tokens, to ``doc._.osce_tags``; the main act is ``doc._.osce_actions``. The date, the body and the lead-in
of the text can be set as ``doc._.osce_context`` before the pipeline runs. ``osce_spans`` makes ``doc.spans["osce"]`` of
the tags: the label of a span is the kind of tag, its ``kb_id_`` the ref, its ``id_`` the rule. All of it survives
``Doc.to_bytes``, ``DocBin(store_user_data=True)`` and ``nlp.pipe(n_process=2)``.

    >>> import spacy
    >>> nlp = spacy.load("osce_commitments")
    >>> doc = nlp("Requests UNODC to report by May.")
    >>> [(span.text, span.label_, span.kb_id_) for span in doc.spans["osce"] if span.label_ == "addressee"]
    [('UNODC', 'addressee', 'United Nations Office on Drugs and Crime')]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import srsly
from pydantic import TypeAdapter
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import load_config, load_model_from_config

from osce_commitments.errors import ConfigError
from osce_commitments.labels import TagKind
from osce_commitments.resources import resource_file
from osce_commitments.schema import Tag
from osce_commitments.tag.actions import tag_actions
from osce_commitments.tag.actors.addressees import tag_addressees
from osce_commitments.tag.actors.known_actors import tag_actors
from osce_commitments.tag.citations.instruments import tag_instruments
from osce_commitments.tag.events import tag_events
from osce_commitments.tag.qualifiers import tag_qualifiers
from osce_commitments.tag.tag_input import Context, TagInput, is_inside
from osce_commitments.tag.time.deadlines import tag_dates, tag_deadlines
from osce_commitments.texts.normalise import plain

SPAN_GROUP = "osce"  # key of ``doc.spans``
_STATE = "osce"  # key of ``doc.user_data``
_PACKED = "osce_tag_input"  # key of the plain data that stand for it in bytes
# The function of each component, and the kinds of tags that it finds.
STEPS: dict[str, tuple[Callable[[TagInput], Sequence[Tag]], frozenset[TagKind]]] = {
    "osce_dates": (tag_dates, frozenset({TagKind.DATE})),
    "osce_instruments": (tag_instruments, frozenset({TagKind.INSTRUMENT})),
    "osce_events": (tag_events, frozenset({TagKind.EVENT})),
    "osce_actors": (tag_actors, frozenset({TagKind.ACTOR, TagKind.STATE})),
    "osce_actions": (tag_actions, frozenset({TagKind.ACTION})),
    "osce_addressees": (tag_addressees, frozenset({TagKind.ADDRESSEE, TagKind.REPORT})),
    "osce_qualifiers": (tag_qualifiers, frozenset({TagKind.QUALIFIER})),
    "osce_deadlines": (tag_deadlines, frozenset({TagKind.DEADLINE, TagKind.PERIODICITY})),
}
_NAMES = frozenset({TagKind.INSTRUMENT, TagKind.ADDRESSEE})
_PART_OF = {
    TagKind.ACTOR: _NAMES,
    TagKind.STATE: _NAMES,
    TagKind.DATE: frozenset({TagKind.INSTRUMENT}),
    TagKind.PERIODICITY: frozenset({TagKind.EVENT}),
}
_STORED = TypeAdapter(TagInput)


def read_doc(doc: Doc) -> TagInput:
    """The tags and the context of a Doc, as its components share them."""
    if _STATE not in doc.user_data:
        doc.user_data[_STATE] = TagInput(plain(doc.text))
    state: TagInput = doc.user_data[_STATE]
    return state


def make_doc(nlp: Language, text: str, context: Context) -> Doc:
    """A Doc of a plain text with what is known about it."""
    doc = nlp.make_doc(text)
    doc.user_data[_STATE] = TagInput(text, context)  # the text of a Doc is put together at each use
    return doc


def _set_context(doc: Doc, context: Context) -> None:
    read_doc(doc).context = context


Doc.set_extension("osce_tags", getter=lambda doc: tuple(read_doc(doc).tags), force=True)
Doc.set_extension("osce_actions", getter=lambda doc: read_doc(doc).actions, force=True)
Doc.set_extension("osce_context", getter=lambda doc: read_doc(doc).context, setter=_set_context, force=True)


def _encode(value: object, chain: Callable[[object], object] | None = None) -> object:
    """Write the state of a Doc as plain data; ``chain`` is the next encoder."""
    if isinstance(value, TagInput):
        return {_PACKED: _STORED.dump_python(value, mode="json")}
    return chain(value) if chain else value


def _decode(value: Any, chain: Callable[[Any], Any] | None = None) -> Any:  # noqa: ANN401 - any packed value
    if isinstance(value, dict) and value.keys() == {_PACKED}:
        return _STORED.validate_python(value[_PACKED])
    return chain(value) if chain else value


def _write_spans(doc: Doc) -> Doc:
    """Drop tags that are parts of longer ones (an actor inside an addressee, "annual" in an event), and write the others as spans."""
    state = read_doc(doc)
    holders = {kind: [tag for tag in state.tags if tag.kind in others] for kind, others in _PART_OF.items()}
    state.tags = [tag for tag in state.tags if not is_inside(tag, holders.get(tag.kind, ()))]
    spans = [
        doc.char_span(tag.start, tag.end, tag.kind.value, kb_id=tag.ref, span_id=tag.rule, alignment_mode="expand")
        for tag in state.tags
    ]
    doc.spans[SPAN_GROUP] = [span for span in spans if span is not None]
    return doc


srsly.msgpack_encoders.register("osce", func=_encode)
srsly.msgpack_decoders.register("osce", func=_decode)


def _component(name: str) -> Callable[[Doc], Doc]:
    """A component, known to spaCy by its name, that adds the tags of a step to a Doc."""
    step, _ = STEPS[name]

    def add_tags(doc: Doc) -> Doc:
        state = read_doc(doc)
        state.tags += step(state)
        return doc

    registered: Callable[[Doc], Doc] = Language.component(name, assigns=["doc._.osce_tags"], func=add_tags)
    return registered


osce_dates = _component("osce_dates")
osce_instruments = _component("osce_instruments")
osce_events = _component("osce_events")
osce_actors = _component("osce_actors")
osce_actions = _component("osce_actions")
osce_addressees = _component("osce_addressees")
osce_qualifiers = _component("osce_qualifiers")
osce_deadlines = _component("osce_deadlines")
osce_spans = Language.component("osce_spans", assigns=["doc.spans"], func=_write_spans)


def load_pipeline(
    config: Path | None = None,
    overrides: Mapping[str, Any] | None = None,
    **changes: Any,  # noqa: ANN401 - as spacy.load
) -> Language:
    """The pipeline of a spaCy configuration; without one, that of ``resources/tagger.cfg``.

    Args:
        config: A file in spaCy's format.
        overrides: Sections that replace those of the file.
        changes: ``vocab``, ``disable``, ``enable``, ``exclude`` as in ``spacy.load``.

    Raises:
        ConfigError: If the file cannot be read or names an unknown component.
    """
    path = config or Path(str(resource_file("tagger.cfg")))
    try:
        return load_model_from_config(load_config(path).merge(dict(overrides or {})), auto_fill=True, **changes)
    except (OSError, ValueError) as error:
        msg = f"tagger configuration {path} cannot be used: {' '.join(str(error).split())[:300]}"
        raise ConfigError(msg, "begin with a copy of resources/tagger.cfg of the package") from error
