"""Names in Akoma Ntoso that the reader and the export share."""

from __future__ import annotations

import re

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
AKN = f"{{{NAMESPACE}}}"
ANALYSIS_NAMESPACE = "urn:osce-commitments:akn:1"
"""Namespace of the elements in ``analysis`` that give the labels of provisions."""
CITED_BY_SYMBOL = "/akn/ontology/reference/osce-commitments/"
"""Start of the address of a citation whose symbol no public address gives."""
ORGANIZATION = "/akn/ontology/organization/osce-commitments/"
"""Start of the address of an adopting body, followed by the catalogue's name of it."""
TITLE = "#title"
"""What the title of the instrument refers to on the cover page that the export writes."""
FRAME = "frame"
"""Class of a paragraph that only frames the text, such as a closing line; it is one unit, whatever its sentences."""
NARRATIVE = frozenset({"article", "debate", "debateReport", "delegation_statement", "journal", "judgment", "report"})
"""Elements, and names of documents, whose text states no acts."""
DATE = "document"
"""Name of the day of a document that nobody adopted."""
NO_DAY = "0001-01-01"
"""Day that stands for an unknown one."""
NUMBER = f"{{{ANALYSIS_NAMESPACE}}}number"
"""Attribute for the composed number of a paragraph that its place does not give, such as "1 (c)" below no lead-in."""
_NUMBER = re.compile(r"^(?P<open>\()?(?P<words>[^()]*?)(?P<close>\))?[.:]?$")


def number_as_cited(printed: str) -> str:
    """Return the form of a printed number used in a citation: "3." gives "3", "(a)" stays; empty for dashes."""
    if not any(map(str.isalnum, printed)):
        return ""
    match = _NUMBER.match(printed)
    if match is None or (match["open"] and match["close"]):
        return printed.rstrip(".:")
    words = match["words"].strip()
    is_letter = words.isalpha() and words.islower() and len(words.split()) == 1
    if match["close"]:
        return f"{words})"
    return f"({words})" if is_letter else words
