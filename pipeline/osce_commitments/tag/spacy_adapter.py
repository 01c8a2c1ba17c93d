"""The tagger's steps as components of spaCy pipelines; nothing else in the package needs spaCy.

The distribution's entry points in the group ``spacy_factories`` name the functions below, so that
``nlp.add_pipe("osce_dates")`` works in any pipeline. Each component adds what it finds to ``doc.spans["osce"]``: the label of
a span is the kind of tag, its ``kb_id_`` the ref, its ``id_`` the rule that found it. The tags themselves, with
characters instead of tokens, are ``doc._.osce_tags``; the main act is ``doc._.osce_actions``. What is known about the
text (date, body, stem) can be set as ``doc._.osce_context`` before the pipeline runs. All three survive ``Doc.to_bytes``,
``DocBin(store_user_data=True)`` and ``nlp.pipe(n_process=2)``.

    >>> import spacy
    >>> from osce_commitments.tag import spacy_adapter
    >>> nlp = spacy.blank("en")
    >>> for name in ("osce_actors", "osce_actions", "osce_addressees"):
    ...     pipe = nlp.add_pipe(name)
    >>> doc = nlp("Requests UNODC to report by May.")
    >>> [(span.text, span.label_, span.kb_id_) for span in doc.spans["osce"]][-1]
    ('UNODC', 'addressee', 'United Nations Office on Drugs and Crime')
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import TypeAdapter
from spacy.language import Language
from spacy.tokens import Doc

from osce_commitments.schema import Tag
from osce_commitments.tag.tag_input import Actions, Context, TagInput
from osce_commitments.tag.tagger import STEPS, Step
from osce_commitments.texts.normalise import plain

SPAN_GROUP = "osce"  # key of ``doc.spans``


def _extend(name: str, kind: Any, default: Any) -> None:  # noqa: ANN401 - the type of the attribute
    """Give documents an attribute that is stored as plain data.

    Only plain data can be written by ``Doc.to_bytes`` and ``DocBin`` and sent between the processes of ``nlp.pipe``.
    """
    stored = TypeAdapter(kind)

    def read(doc: Doc) -> Any:  # noqa: ANN401
        return stored.validate_python(doc.user_data[name]) if name in doc.user_data else default

    def write(doc: Doc, value: object) -> None:
        doc.user_data[name] = stored.dump_python(value, mode="json")

    Doc.set_extension(name, getter=read, setter=write, force=True)


_extend("osce_tags", tuple[Tag, ...], ())
_extend("osce_context", Context, Context())
_extend("osce_actions", Actions | None, None)


class StepComponent:
    """A step of the tagger that reads a Doc and adds its tags to it."""

    def __init__(self, step: Step) -> None:
        self._step = step

    def __call__(self, doc: Doc) -> Doc:
        """Add the tags to ``doc._.osce_tags`` and their spans to ``doc.spans``."""
        given = TagInput(plain(doc.text), doc._.osce_context, list(doc._.osce_tags))
        found = self._step(given)
        doc._.osce_tags = (*doc._.osce_tags, *found)
        if given.actions:
            doc._.osce_actions = given.actions
        spans = [
            doc.char_span(tag.start, tag.end, tag.kind.value, kb_id=tag.ref, span_id=tag.rule, alignment_mode="expand")
            for tag in found
        ]
        doc.spans[SPAN_GROUP] = [*doc.spans.get(SPAN_GROUP, ()), *(span for span in spans if span is not None)]
        return doc


def _registered(factory: str) -> Callable[[Language, str], StepComponent]:
    """The factory of a step, known to spaCy by its name."""

    def make(nlp: Language, name: str) -> StepComponent:  # noqa: ARG001 - spaCy passes both
        return StepComponent(STEPS[factory])

    made: Callable[[Language, str], StepComponent] = Language.factory(
        factory, assigns=["doc.spans", "doc._.osce_tags"], func=make
    )
    return made


osce_dates = _registered("osce_dates")
osce_instruments = _registered("osce_instruments")
osce_events = _registered("osce_events")
osce_actors = _registered("osce_actors")
osce_actions = _registered("osce_actions")
osce_addressees = _registered("osce_addressees")
osce_qualifiers = _registered("osce_qualifiers")
osce_deadlines = _registered("osce_deadlines")
