"""Labels of texts outside any document."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from osce_commitments.classify import load_classifier
from osce_commitments.classify.encoder import transformer  # noqa: F401 - before the two threads import more
from osce_commitments.classify.rules.own_structures import READ_TAGS
from osce_commitments.ids import document_id, provision_id
from osce_commitments.labels import Role
from osce_commitments.schema import ClassifiedProvision, Provision
from osce_commitments.tag import Tagger


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
    # For one sentence, most of the time goes into compiling patterns and loading the weights: do both at the same time.
    with ThreadPoolExecutor(max_workers=1) as aside:
        classifier = aside.submit(load_classifier, model)
        tagged = Tagger(READ_TAGS).tag(units)
        labels = classifier.result().classify(tagged)
    return [ClassifiedProvision(*pair) for pair in zip(tagged, labels, strict=True)]
