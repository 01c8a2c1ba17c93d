"""One source through the stages: documents -> provisions -> tags -> labels."""

from __future__ import annotations

import functools
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from osce_commitments import documents, provisions, tag
from osce_commitments.config import Limits
from osce_commitments.errors import DocumentError, InputError
from osce_commitments.flows.refusals import defect, refusal
from osce_commitments.labels import ACT_ROLES, NEVER_ADOPTED, Role, TextForm
from osce_commitments.schema import BatchResult, ClassifiedProvision, Document, Source, TaggedProvision

if TYPE_CHECKING:
    from osce_commitments.classify import Classifier

P = ParamSpec("P")
T = TypeVar("T")
# Of the 20 worst-read of 97 real texts, coded by hand, 17 lie below; of 64 well-read ones two do, excerpts that begin within
# a list. Chosen on 57 of the same texts, so the figures flatter it.
_LEAST_EXPLAINED = 0.7
_WITHOUT_ENACTING_WORDS = "roles.default_operative"
_NARRATIVE = "roles.narrative_text"
# One per process: its rules are compiled when a text first needs them.
loaded_tagger = functools.cache(tag.load_tagger)


class Clock:
    """Runs stages, calls ``on_stage`` with the name of each before it, and records the last one and the time spent in each."""

    def __init__(self, on_stage: Callable[[str], None] = lambda _: None) -> None:
        self.stage = ""
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._on_stage = on_stage

    def run(self, stage: str, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call the function of a stage."""
        if stage != self.stage:
            self.stage = stage
            self._on_stage(stage)
        start = time.perf_counter()
        result = function(*args, **kwargs)
        self.seconds[stage] += time.perf_counter() - start
        return result


def process(
    source: Source, limits: Limits, classifier: Classifier, on_stage: Callable[[str], None] = lambda _: None
) -> BatchResult:
    """Read and classify a source; one that fails becomes a reject. ``on_stage`` is called with the name of each stage before it runs.

    Raises:
        MemoryError: If the memory of this process does not suffice.
    """
    clock = Clock(on_stage)
    try:
        parsed, refused = clock.run("documents", documents.parse, source, limits=limits)
        tagged = _tagged(parsed, limits, clock)
        parsed = list(map(with_form_score, parsed, tagged))
        labelled = tuple(
            ClassifiedProvision(provision, replace(labels, needs_review=True) if document.is_doubtful else labels)
            for document, units in zip(parsed, tagged, strict=True)
            for provision, labels in zip(units, clock.run("classify", classifier.classify, units), strict=True)
        )
    except MemoryError:
        raise
    except InputError as error:
        reject = refusal(source, clock.stage, error)
    except RecursionError:
        deep = DocumentError("its parts are nested too deeply", "save it in another form", reason="too_deep")
        reject = refusal(source, clock.stage, deep)
    except Exception as error:  # noqa: BLE001 - the flow boundary: a defect in one document must not lose the others
        reject = defect(source.ref, source.sha256, clock.stage, error)
    else:
        rejects = tuple(replace(reject, is_part=bool(parsed)) for reject in refused)
        return BatchResult(tuple(parsed), labelled, rejects, dict(clock.seconds))
    return BatchResult((), (), (reject,), dict(clock.seconds))


def _tagged(parsed: Sequence[Document], limits: Limits, clock: Clock) -> list[Sequence[TaggedProvision]]:
    segmented = [clock.run("provisions", provisions.segment, document) for document in parsed]
    count = sum(map(len, segmented))
    if count > limits.max_provisions:
        msg = f"it has {count:,} provisions, more than {limits.max_provisions:,}"
        raise DocumentError(msg, "split the file, or raise limits.max_provisions", reason="too_many_provisions")
    longest = max((len(unit.text) for units in segmented for unit in units), default=0)
    if longest > limits.max_provision_characters:
        msg = f"a passage of {longest:,} characters has no end, more than {limits.max_provision_characters:,}"
        remedy = "check its text for lost full stops or repeated pages, or raise limits.max_provision_characters"
        raise DocumentError(msg, remedy, reason="too_long_provision")
    return [clock.run("tag", loaded_tagger().tag, units) for units in segmented]


def with_form_score(document: Document, provisions: Sequence[TaggedProvision]) -> Document:
    """The document with its form score; without one if nobody adopts such texts, or nothing in it acts or recites."""
    if document.type in NEVER_ADOPTED:
        return document
    letters: Counter[bool] = Counter()
    for tagged in provisions:
        provision, role, rule = tagged.provision, tagged.provision.role, tagged.provision.role_rule
        if role is Role.PREAMBLE or role in ACT_ROLES or rule == _NARRATIVE:
            is_item = bool(provision.number or provision.lead_in) and rule not in {_WITHOUT_ENACTING_WORDS, _NARRATIVE}
            letters[role is Role.PREAMBLE or is_item or bool(tagged.action)] += sum(map(str.isalpha, provision.text))
    if not letters.total():
        return document
    score = letters[True] / letters.total()
    if score >= _LEAST_EXPLAINED:
        return replace(document, form_score=score)
    rules = {tagged.provision.role_rule for tagged in provisions if tagged.provision.role in ACT_ROLES}
    has_recitals = any(tagged.provision.role is Role.PREAMBLE for tagged in provisions)
    lacking = [
        *([] if rules - {_WITHOUT_ENACTING_WORDS} else ["no enacting words found"]),
        *([] if has_recitals else ["no recitals found"]),
    ]
    because = f"{score:.0%} of the text explained: {' and '.join(lacking) or 'few paragraphs act in known words'}"
    return replace(document, form=TextForm.UNKNOWN, form_score=score, form_because=because)
