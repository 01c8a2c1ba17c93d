"""The spaCy component ``osce_sentences``, for use in other pipelines; importing this module imports spaCy."""

from spacy.language import Language
from spacy.tokens import Doc

from osce_commitments.provisions.sentences import sentence_starts

PIPE = "osce_sentences"


@Language.component(PIPE, assigns=["token.is_sent_start", "doc.sents"])
def osce_sentences(doc: Doc) -> Doc:
    """Set the sentence boundaries of a paragraph with the package's rules and abbreviations."""
    starts = set(sentence_starts(doc.text))
    for token in doc:
        token.is_sent_start = token.i == 0 or token.idx in starts
    return doc
