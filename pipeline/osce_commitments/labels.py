"""The label sets of the coding scheme, each label with its definition.

The definitions are short; ``docs/annotation-guide.md`` covers the hard cases.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

_CAPITALS = {"ict": "ICT", "osce": "OSCE"}


def strength_in_words(strength: str) -> str:
    """A strength in words; the lowest level is no strength."""
    return "No commitment" if strength == STRENGTHS[0] else label_in_words(strength)


def label_in_words(label: str) -> str:
    """A label as people write it: ``ict_security`` as "ICT security"."""
    words = " ".join(_CAPITALS.get(word, word) for word in str(label).split("_"))
    return words[:1].upper() + words[1:]


class _Defined(StrEnum):
    """A string enum whose members carry a one-line definition."""

    definition: str

    def __new__(cls, value: str, definition: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.definition = definition
        return member


class ObligationStrength(_Defined):
    """How strongly a provision binds an actor to a future action; ordinal, weakest first."""

    NONE = "none", "no future action is asked for or promised"
    PERMISSIVE = "permissive", "the action is left to the actor's discretion"
    ENCOURAGING = "encouraging", "advice or invitation, no pressure"
    URGING = "urging", "a pressing appeal, still no duty"
    COMMITTING = "committing", "the actors bind themselves politically"
    MANDATING = "mandating", "a decision or a duty: nothing is left open"

    @property
    def level(self) -> int:
        """Position on the scale, 0 (``none``) to 5 (``mandating``)."""
        return STRENGTHS.index(self)

    @classmethod
    def at(cls, level: int) -> ObligationStrength:
        """The label at a position 0 to 5 of the scale."""
        return STRENGTHS[level]


STRENGTHS: tuple[ObligationStrength, ...] = tuple(ObligationStrength)


class ThreatArea(_Defined):
    """Transnational threats that a provision can be about; any number of them, or none."""

    TRANSNATIONAL_THREATS = "transnational_threats", "transnational threats as a whole, cross-cutting"
    TERRORISM = "terrorism", "terrorism, foreign terrorist fighters, incitement, victims, critical infrastructure"
    VIOLENT_EXTREMISM = "violent_extremism", "violent extremism and radicalization that lead to terrorism"
    ORGANIZED_CRIME = "organized_crime", "transnational organized crime, criminal groups, illicit trade in goods"
    ILLICIT_DRUGS = "illicit_drugs", "narcotic drugs, psychotropic substances, precursors, demand reduction"
    HUMAN_TRAFFICKING = "human_trafficking", "trafficking in human beings, smuggling of migrants"
    CYBERCRIME = "cybercrime", "criminal use of information and communication technologies, electronic evidence"
    ICT_SECURITY = "ict_security", "conflict between States stemming from the use of ICTs, cyber confidence-building"
    BORDER_SECURITY = "border_security", "border security and management, customs, travel documents, passenger data"
    ARMS = "arms", "small arms, ammunition, explosives, conventional arms control, non-proliferation"
    ILLICIT_FINANCE = "illicit_finance", "money-laundering, financing of terrorism, corruption, asset recovery"
    POLICING = "policing", "police work and reform, law enforcement co-operation, criminal justice"


THREAT_AREAS: tuple[ThreatArea, ...] = tuple(ThreatArea)


class Role(_Defined):
    """The part of the document that a provision belongs to."""

    TITLE = "title", "the title of the document or of one of its parts"
    PREAMBLE = "preamble", "a recital before the operative part"
    OPERATIVE = "operative", "text by which the adopting body acts"
    ANNEX = "annex", "operative text in an annex"
    ATTACHMENT = "attachment", "an interpretative statement or reservation of a delegation"
    OTHER = "other", "journal matter, signatures, contents, footnotes, narrative"

    @property
    def is_operative(self) -> bool:
        """Whether the adopting body acts in it: operative text, including that of annexes."""
        return self in (Role.OPERATIVE, Role.ANNEX)


ACT_ROLES = tuple(role for role in Role if role.is_operative)


class DocumentType(_Defined):
    """The kind of a document."""

    DECISION = "decision", "a numbered decision of a decision-making body"
    DECLARATION = "declaration", "a declaration or commemorative document of a decision-making body"
    STATEMENT = "statement", "a statement adopted by the body"
    CHARTER = "charter", "a charter, final act or concluding document of a summit or conference"
    FRAMEWORK = "framework", "a concept, framework, strategy or set of measures"
    ACTION_PLAN = "action_plan", "an action plan or programme of action"
    RESOLUTION = "resolution", "a resolution of an assembly or of the UN"
    TREATY = "treaty", "a convention, protocol or treaty"
    COMMUNIQUE = "communique", "a communiqué or conclusions of a summit or group of States"
    DELEGATION_STATEMENT = "delegation_statement", "a statement of one delegation or of some of them"
    JOURNAL = "journal", "the journal or agenda of a meeting"
    REPORT = "report", "a report or outcome paper that no body adopted"
    ARTICLE = "article", "an article or book by an author"
    OTHER = "other", "any other document"


NEVER_ADOPTED = frozenset(
    {DocumentType.DELEGATION_STATEMENT, DocumentType.JOURNAL, DocumentType.REPORT, DocumentType.ARTICLE}
)


class Adopted(_Defined):
    """Whether a body, States or organizations adopted a document, by the evidence in it."""

    YES = "yes", "a body adopted it, or States or organizations agreed on it"
    NO = "no", "a draft, a speech, a report, an article, a text of one author"
    UNKNOWN = "unknown", "nothing shows whether anybody adopted it"


class TextForm(_Defined):
    """Whether known forms explain a text: recitals, acts, numbered paragraphs and items below enacting words."""

    KNOWN = "known", "they explain most of it"
    UNKNOWN = "unknown", "they explain too little of it to count its rows"


# A commitment is an act of an adopted document of known form. These are the only definitions.
def is_act(role: str, level: int) -> bool:
    """Whether operative text asks for or promises an act."""
    return role in ACT_ROLES and level >= 1


def act_sql(role: str, level: str) -> str:
    """The same as a condition in SQL on two columns."""
    return f"{level} >= 1 AND {role} IN ({', '.join(map(repr, map(str, ACT_ROLES)))})"


def counted_sql(document: str) -> str:
    """The condition that acts of a document are commitments; older versions have no form."""
    return f"{document}.adopted = '{Adopted.YES}' AND coalesce({document}.form, '') <> '{TextForm.UNKNOWN}'"


class Relation(_Defined):
    """How a provision takes up one of an earlier document."""

    VERBATIM = "verbatim", "the same words with the same act verb, apart from dates, numbering and cited symbols"
    REWORDED = "reworded", "the same commitment in other words"
    EXTENDED = "extended", "the earlier words and more"
    NARROWED = "narrowed", "a part of the earlier words"
    SPLIT = "split", "one of several that an earlier one was split into"
    MERGED = "merged", "one that several earlier ones were merged into"


class MediaType(StrEnum):
    """The file formats that are read."""

    PDF = "pdf"
    DOCX = "docx"
    HTML = "html"
    TEXT = "txt"
    AKN = "akn"


class BlockKind(_Defined):
    """The kind of a part of a document, from its layout."""

    TITLE = "title", "the title of the document"
    HEADING = "heading", "a heading inside the document"
    PARAGRAPH = "paragraph", "running text, list items included"
    HEADER = "header", "the header block of an instrument: symbol, body, date, language, journal reference"
    FURNITURE = "furniture", "running head, page number, job code: repeated on pages, not part of the text"
    FOOTNOTE = "footnote", "a footnote"
    CONTENTS = "contents", "a line of a table of contents"
    SIGNATURE = "signature", "a signature or closing formula"
    TABLE = "table", "a table cell"


class TagKind(_Defined):
    """The kind of a tagged span."""

    ACTION = "action", "an operative verb or modal; ref is its lemma"
    ADDRESSEE = "addressee", "the actor who is to act; ref is a canonical name"
    ACTOR = "actor", "another body, organization or structure that is named"
    STATE = "state", "a State by name"
    INSTRUMENT = "instrument", "a cited instrument; ref is its normalised symbol"
    EVENT = "event", "a meeting or a conference"
    PLACE = "place", "a place"
    DATE = "date", "a date; ref in ISO 8601"
    DEADLINE = "deadline", "by when the action is due; ref in ISO 8601"
    PERIODICITY = "periodicity", "how often the action recurs; ref in ISO 8601 (R/P1Y)"
    REPORT = (
        "report",
        'a duty to report; ref is "who > to whom", "who" if no recipient is named, "> to whom" if nobody is',
    )
    QUALIFIER = "qualifier", "words that limit or condition the action; ref from the closed set"


class Field(StrEnum):
    """The field of a provision to which the offsets of a tag or cue refer."""

    TEXT = "text"
    LEAD_IN = "lead_in"
    HEADING = "heading"
    TITLE = "title"


class Basis(_Defined):
    """What a threat area of a provision stands on: the first field that names it."""

    TEXT = "text", "a word in the text of the provision names the area"
    LEAD_IN = "lead_in", "a word in the lead-in names it"
    HEADING = "heading", "a word in a heading above the provision names it"
    TITLE = "title", "a word in the title of the document names it"
    IMPLIED = "implied", "no word names it (names of bodies do not count); the classifier infers it from the whole"

    @property
    def in_words(self) -> str:
        """The basis for people: "named in the title", "implied"."""
        return "implied" if self is Basis.IMPLIED else f"named in the {self.replace('_', '-')}"


class CorrectionKind(_Defined):
    """What a row of the table of corrections does."""

    ANSWER = "answer", "a person says what is right"
    WITHDRAWAL = "withdrawal", "a person takes back what they said before"
    ADJUDICATION = "adjudication", "a person decides between the answers of several"


class Boundary(_Defined):
    """What is wrong with the boundaries of a provision."""

    TOO_LONG = "too_long", "it holds more than one act and should be divided"
    TOO_SHORT = "too_short", "a part of the sentence is missing"
    NOT_TEXT = "not_text", "it is page furniture or no text of the document"
    WRONG_LEAD_IN = "wrong_lead_in", "the lead-in is missing or belongs to another item"


class LabelsBy(_Defined):
    """Whose labels are shown."""

    CORRECTED = "corrected", "those of people where they corrected or checked, else those of the program"
    MODEL = "model", "only those of the program"


class LabelKind(_Defined):
    """A label of a provision that a person can correct."""

    STRENGTH = "strength", "obligation strength"
    THREAT_AREAS = "threat_areas", "threat areas"
    ADDRESSEE = "addressee", "actors who are to act"
    ROLE = "role", "part of the document"


NAMED: tuple[Basis, ...] = tuple(basis for basis in Basis if basis is not Basis.IMPLIED)


class Polarity(_Defined):
    """Whether the actor is to act or to refrain."""

    DO = "do", "to act"
    REFRAIN = "refrain", "to refrain from acting"


class Voice(_Defined):
    """Grammatical voice of the operative verb."""

    ACTIVE = "active", "the adopting body or the actor is the subject"
    PASSIVE = "passive", "the actor is acted upon: 'States are encouraged to'"


class Qualifier(_Defined):
    """The closed set of hedges and conditions."""

    RESOURCES = "resources", "within available resources, budgetary limits, extrabudgetary funds"
    MANDATE = "mandate", "within existing mandates or competence"
    VOLUNTARY = "voluntary", "on a voluntary basis"
    AS_APPROPRIATE = "as_appropriate", "as or where appropriate, applicable, possible, necessary"
    NATIONAL_LAW = "national_law", "in accordance with national legislation"
    INTERNATIONAL_LAW = "international_law", "in accordance with obligations under international law"
    ON_REQUEST = "on_request", "upon request of a State or body"
    BEST_EFFORT = "best_effort", "endeavour, strive, seek to, as soon or as far as possible"
    CONSISTENT_WITH = "consistent_with", "consistent with commitments, principles or another instrument"
    CONSIDER = "consider", "consider, explore, examine: no act beyond reflection"


class Why(StrEnum):
    """Why a tag is unresolved, in doubt or without effect: for programs; ``note_text`` gives the text for people."""

    NOT_IN_CATALOGUE = "not_in_catalogue"
    NOT_IDENTIFIED = "not_identified"
    AMBIGUOUS = "ambiguous"
    OTHER_TITLE = "other_title"
    OTHER_DATE = "other_date"
    OTHER_BODY = "other_body"
    SELF_REFERENCE = "self_reference"
    NO_YEAR = "no_year"
    NO_COUNCIL = "no_council"
    UNKNOWN_NUMBERS = "unknown_numbers"
    NAME_OF_OTHER_BODY = "name_of_other_body"
    PARTICIPLE = "participle"
    CONTENT_CLAUSE = "content_clause"
    SUBORDINATE_CLAUSE = "subordinate_clause"
    NO_ACT = "no_act"


ADOPTING_BODY = "adopting body"  # the ref or note of an addressee that is the body that speaks, if it is not known
_NOTES = {
    Why.NOT_IN_CATALOGUE: "not in the catalogue",
    Why.NOT_IDENTIFIED: "not identified",
    Why.AMBIGUOUS: "ambiguous: {}",
    Why.OTHER_TITLE: "the title is that of {}",
    Why.OTHER_DATE: "text says {}, the catalogue {}",
    Why.OTHER_BODY: "text says {}, the catalogue {}",
    Why.SELF_REFERENCE: "self-reference",
    Why.NO_YEAR: "no year",
    Why.NO_COUNCIL: "no Ministerial Council met in {}",
    Why.UNKNOWN_NUMBERS: "numbers of the Parliamentary Assembly are not known",
    Why.NAME_OF_OTHER_BODY: "of another body",
    Why.PARTICIPLE: "participle",
    Why.CONTENT_CLAUSE: "content clause",
    Why.SUBORDINATE_CLAUSE: "subordinate clause",
    Why.NO_ACT: "no act",
}


def note_text(why: Why | None, *details: str) -> str:
    """The note of a tag for people: empty without a reason.

    Args:
        why: The reason.
        details: Values for the text: the candidates, the year, the readings of the text and the catalogue.
    """
    return _NOTES[why].format(*details) if why else ""
