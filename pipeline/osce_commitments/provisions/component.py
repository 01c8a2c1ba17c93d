"""The spaCy component ``osce_sentences``, for pipelines of others; importing this module imports spaCy."""

from spacy.language import Language
from spacy.tokens import Doc

from osce_commitments.provisions.sentences import sentence_starts

PIPE = "osce_sentences"


@Language.component(PIPE, assigns=["token.is_sent_start", "doc.sents"])
def osce_sentences(doc: Doc) -> Doc:
    """Set the sentence boundaries of a paragraph by the rules and abbreviations of the resources."""
    starts = set(sentence_starts(doc.text))
    for token in doc:
        token.is_sent_start = token.i == 0 or token.idx in starts
    return doc
