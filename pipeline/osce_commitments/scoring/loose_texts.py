"""Labels of texts outside any document."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from osce_commitments.classify import load_classifier
from osce_commitments.classify.encoder import transformer  # noqa: F401 - before the two threads import more
from osce_commitments.classify.rules.strength import READ_TAGS
from osce_commitments.ids import document_id, provision_id
from osce_commitments.labels import Role
from osce_commitments.schema import ClassifiedProvision, Provision
from osce_commitments.tag import Tagger
from osce_commitments.texts.normalise import squeeze


def classify_texts(  # noqa: PLR0913 - the context that a provision can have
    texts: Sequence[str], model: str, *, role: Role, title: str = "", heading: str = "", lead_in: str = ""
) -> list[ClassifiedProvision]:
    """Classify texts, each as the one provision of a document with the given context; only the tags that labels need are made.

    Spaces, hyphens and ligatures are read as ``run`` reads them.
    """
    provisions = []
    for number, text in enumerate(map(squeeze, texts), 1):
        document = document_id("", number)
        provision = Provision(
            id=provision_id(document, 0, len(text), text),
            document=document,
            index=0,
            start=0,
            end=len(text),
            text=text,
            role=role,
            title=squeeze(title),
            heading=(squeeze(heading),) if heading else (),
            lead_in=squeeze(lead_in),
        )
        provisions.append(provision)
    # For one sentence, most of the time goes into compiling patterns and loading the weights: do both at the same time.
    with ThreadPoolExecutor(max_workers=1) as aside:
        classifier = aside.submit(load_classifier, model)
        tagged = Tagger(READ_TAGS).tag(provisions)
        labels = classifier.result().classify(tagged)
    return [ClassifiedProvision(*pair) for pair in zip(tagged, labels, strict=True)]
