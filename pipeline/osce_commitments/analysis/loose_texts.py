"""Labels of texts outside any document."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from osce_commitments.classify import load_classifier
from osce_commitments.classify.encoder import transformer  # noqa: F401 - before the two threads import more
from osce_commitments.classify.rules.own_structures import reads_tags
from osce_commitments.ids import document_id, provision_id
from osce_commitments.labels import Role
from osce_commitments.schema import ClassifiedProvision, Provision, TaggedProvision
from osce_commitments.tag import load_tagger


def classify_texts(  # noqa: PLR0913 - the context that a provision can have
    texts: Sequence[str], model: str, *, role: Role, title: str = "", heading: str = "", lead_in: str = ""
) -> list[ClassifiedProvision]:
    """Classify texts, each as one provision with the given context; only the tags that labels need are made."""
    document = document_id("", 1)
    units = [
        Provision(
            id=provision_id(document, index, index + len(text), text),
            document=document,
            index=index,
            start=0,
            end=len(text),
            text=text,
            role=role,
            title=title,
            heading=(heading,) if heading else (),
            lead_in=lead_in,
        )
        for index, text in enumerate(texts)
    ]
    # For one sentence, most of the time goes into loading spaCy and the weights: load both at the same time.
    with ThreadPoolExecutor(max_workers=1) as aside:
        classifier = aside.submit(load_classifier, model)
        tagged = _tagged(units)
        labels = classifier.result().classify(tagged)
    return [ClassifiedProvision(*pair) for pair in zip(tagged, labels, strict=True)]


def _tagged(units: Sequence[Provision]) -> list[TaggedProvision]:
    """The units with the tags that their labels depend on; spaCy starts only if a unit needs it."""
    if not any(reads_tags(unit) for unit in units):
        return [TaggedProvision(unit) for unit in units]
    return load_tagger(for_labels=True).tag(units)
