"""What of a provision lineage compares: its words without formula, dates, numbers of sessions and cited symbols."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from osce_commitments.labels import Role
from osce_commitments.rules.loader import load_rules
from osce_commitments.texts.normalise import plain

if TYPE_CHECKING:
    from osce_commitments.rules.record import RuleSet
    from osce_commitments.schema import Row

_WORD = re.compile(r"[a-z]+(?:['_][a-z]+)*|\d+(?:[.,]\d+)*")
# A name in capitals is one word: the length of an organization's name says nothing of the matter.
_NAME = re.compile(
    r"(?<!^)(?<![.;:] )\b[A-Z][\w-]+(?:(?: (?:of|the|for|and|on|in|to|at|with|against|by)){0,3} [A-Z][\w-]+)+"
)
# So is a title in quotation marks: what it calls itself says nothing of what is said about it.
_QUOTED, _FEWEST_QUOTED = re.compile(r'"([^"]{25,400})"'), 6
_RAISED = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\[\d{1,3}\]")
_FOLLOWING = 12  # content words after an act that say what it is about
_BEFORE_MAY = ("in", "by", "since", "until", "of", "early", "late", "mid")
RESTATING = "restating"
_CUED = 300  # characters from a cue on that say what it is about
_NEAR = 5  # words from "reaffirms" to the noun that says what it restates
_SHORT = 3  # words up to this length keep their ending
_ASKING = frozenset({"encouraging", "urging", "requesting", "mandating", "authorizing", "committing", "must", "shall"})
_YEAR = re.compile(r"(?:19|20)\d\d")
_PARTS: Mapping[str, str] = {Role.OPERATIVE: "operative", Role.ANNEX: "operative", Role.PREAMBLE: "preamble"}


class Act(NamedTuple):
    """An act or modal: its force, the content words that follow up to the next one, and the verb as printed, in small letters."""

    force: str
    words: frozenset[str]
    verb: str


@dataclass(frozen=True, slots=True)
class Wording:
    """The comparable words of a provision.

    Attributes:
        id, document: Ids of the provision and of its document.
        index: Position in the document.
        part: ``operative`` or ``preamble``; recitals and acts are not compared.
        reading: Lead-in, text and tail as printed.
        days: First and last possible day of the document.
        words: Content words of the text and its tail, in order, without endings.
        lead: Content words of the lead-in.
        numbers: Amounts in figures and in words, sorted; no dates, ordinals, symbols and numbers of paragraphs.
        acts: Its acts and modals.
        cued: The beginning of the text from the cue of its strength on; empty without a cue.
        asks: Whether it begins with an act that asks for something or decides on it.
        notes: Whether it only notes that something was done.
        procedure: Id of the rule that marks it as procedure; empty for a provision of substance.
        cited: Symbols in it.
    """

    id: str
    document: str
    index: int
    part: str
    reading: str
    days: tuple[dt.date, dt.date]
    words: tuple[str, ...]
    lead: tuple[str, ...]
    numbers: tuple[str, ...]
    acts: tuple[Act, ...]
    cued: str
    asks: bool
    notes: bool
    procedure: str
    cited: frozenset[str] = frozenset()


def wording(row: Row) -> Wording | None:
    """The comparable words of a row of ``provisions``; None if it is not compared.

    Titles, footnotes and narrative are not compared, nor provisions of documents of an unknown year.
    """
    part, days = _PARTS.get(row["role"], ""), _days(row)
    if not part or days is None or row["note_mark"]:
        return None
    text, lead = tokens_of(f"{row['text']} {row['tail']}"), tokens_of(row["lead_in"])
    cued = ""
    if cue := row["strength_cue"]:
        cued = f"{row[cue['field']][cue['start'] :]} {row['text'] if cue['field'] == 'lead_in' else ''}"
    lists, acts = word_lists(), _acts((*lead, *text))
    return Wording(
        id=row["id"],
        document=row["document"],
        index=row["index"],
        part=part,
        reading=row["reading"],
        days=days,
        words=tuple(stem(word) for word in text if word not in lists.dropped and not word[0].isdigit()),
        lead=tuple(stem(word) for word in lead if word not in lists.dropped and not word[0].isdigit()),
        numbers=_numbers((*lead, *text)),
        acts=acts,
        cued=cued[:_CUED],
        asks=bool(acts) and acts[0].force in _ASKING,
        notes=not any(act.force in _ASKING for act in acts) and lineage_rules().finds("note", plain(row["reading"])),
        procedure=procedure_of(row["reading"]),
        cited=frozenset(lists.symbol.findall(row["text"].lower())),
    )


def _numbers(words: Sequence[str]) -> tuple[str, ...]:
    lists = word_lists()
    pairwise = itertools.pairwise((*words, ""))
    # In "twenty-first session" the first word is no amount.
    return tuple(
        sorted(
            one
            for one, after in pairwise
            if (one[0].isdigit() and not _YEAR.fullmatch(one)) or (one in lists.numbers and after not in lists.ordinals)
        )
    )


def acts_of(text: str) -> tuple[Act, ...]:
    """The acts and modals of a text; see :class:`Wording`."""
    return _acts(tokens_of(text))


def title_words(title: str) -> frozenset[str]:
    """Content words of a title."""
    return frozenset(
        stem(word) for word in tokens_of(f". {title}") if word not in word_lists().dropped and not word[0].isdigit()
    )


def lineage_rules() -> RuleSet:
    """The rules of ``resources/rules/lineage.yaml``."""
    return load_rules("lineage")


def procedure_of(reading: str) -> str:
    """Id of the rule that marks a provision as procedure; empty for one of substance."""
    found = lineage_rules().first("procedural", plain(reading))
    return found[0].id if found else ""


def _acts(words: Sequence[str]) -> tuple[Act, ...]:
    """The acts and modals of a sentence, each with the content words that follow it up to the next one."""
    lists = word_lists()
    found: list[tuple[str, set[str], str]] = []
    for index, (before, word) in enumerate(itertools.pairwise(("we", *words))):
        # "States are encouraged to"; a body that encouraged somebody at its last session is reported, not quoted.
        is_passive = word.endswith("ed") and before in {"are", "is"}
        is_verb = is_passive or word.endswith(("s", "ing")) or word in lists.modals or before in lists.subjects
        if word in lists.force and is_verb:
            found.append((_restated(words[index:]) or lists.force[word], set(), word))
        elif found and word not in lists.dropped and len(found[-1][1]) < _FOLLOWING:
            found[-1][1].add(stem(word))
    for (_, following, _), (_, words_of_one, _) in itertools.pairwise(reversed(found)):
        if not words_of_one:
            words_of_one.update(following)  # "requests and urges States to …"
    return tuple(Act(force, frozenset(matter), verb) for force, matter, verb in found)


def _restated(words: Sequence[str]) -> str:
    """The force of an act that restates another one, "reaffirms that …" or "reiterates its call"; empty for any other act."""
    lists = word_lists()
    if words[0] not in lists.restating:
        return ""
    if "that" in words[1:2]:
        return RESTATING
    return next((lists.restated[word] for word in words[1:_NEAR] if word in lists.restated), "")


def _days(row: Row) -> tuple[dt.date, dt.date] | None:
    if row["date"]:
        return row["date"], row["date"]
    return (dt.date(row["year"], 1, 1), dt.date(row["year"], 12, 31)) if row["year"] else None


def tokens_of(text: str, reference: str = " ") -> list[str]:
    """The words and numbers of a text in small letters.

    Args:
        text: The text.
        reference: Stands in the place of each date, symbol and number of a paragraph.
    """
    if not text:
        return []
    lists = word_lists()
    lower = _NAME.sub(_as_one_word, _QUOTED.sub(_as_title, _RAISED.sub(" ", plain(text)))).lower()
    lower = lists.renamed.sub(lambda match: lists.names[match.group()], lower)
    lower = lists.aligned_away.sub(reference, lower)
    return _WORD.findall(lower)


def _as_one_word(name: re.Match[str]) -> str:
    lists = word_lists()
    words = [word for word in re.findall(r"[a-z]+", name.group().lower()) if word not in lists.in_no_name]
    return "_".join(words)


def _as_title(quoted: re.Match[str]) -> str:
    words = _as_one_word(quoted)
    return f'"{words}"' if words.count("_") + 1 >= _FEWEST_QUOTED else quoted.group()


def stem(word: str) -> str:
    """The word without its ending; of a name, every word of it."""
    if "_" in word:
        return "_".join(map(stem, word.split("_")))
    word = word.removesuffix("'s")
    if len(word) <= _SHORT:
        return word
    for ending, kept in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("s", "")):
        if word.endswith(ending) and not word.endswith(("ss", "us", "is")):
            word = word[: -len(ending)] + kept
            break
    return word.removesuffix("e")


@dataclass(frozen=True, slots=True)
class WordLists:
    """The words of ``resources/rules/lineage.yaml``, ready for use."""

    dropped: frozenset[str]
    numbers: frozenset[str]
    ordinals: frozenset[str]
    force: Mapping[str, str]
    modals: frozenset[str]
    restating: frozenset[str]
    restated: Mapping[str, str]
    subjects: frozenset[str]
    names: Mapping[str, str]
    renamed: re.Pattern[str]
    aligned_away: re.Pattern[str]
    symbol: re.Pattern[str]
    in_no_name: frozenset[str]


@functools.cache
def word_lists() -> WordLists:
    """The lists of words, read once."""
    words = lineage_rules().words
    acts = {word: kind for kind, some in words["acts"].items() for word in some}
    formula = frozenset(words["formula"]) | acts.keys() | set(words["ordinals"]) | set(words["numbers"])
    months = "|".join(words["months"])
    day = r"\d{1,2}(?:st|nd|rd|th)?"
    marks = r"(?: ?\([a-z0-9]+\))*"
    kinds = "paragraphs?|para\\.?|articles?|chapters?|sections?|annex(?:es)?|resolutions?|decisions?"
    symbol = r"\b[a-z]{0,6}[-/]?\d+/[a-z0-9./-]*\d\b|\b(?:[a-z]{1,6}[./-])+[a-z0-9./-]*\d[a-z0-9./-]*"
    number = rf"(?:{symbol}|[ivxl]+\b|\d+){marks}"
    away = (
        rf"\b{day}(?:(?:,| and| to| or|-) {day})*,? (?:{months})(?: {day},)?(?: (?:19|20)\d\d)?\b",
        rf"\b(?:{months})(?: {day},)?(?: (?:19|20)\d\d)\b",
        # "May" alone is a modal, unless it follows such a word.
        rf"\b(?:{months.replace('|may|', '|')}|{'|'.join(rf'(?<={one} )may' for one in _BEFORE_MAY)})\b",
        symbol,
        rf"\b(?:{kinds}) {number}(?:(?:,| and| to|-) ?{number})*",
        r"\b\d+(?:st|nd|rd|th)\b",
    )
    force = acts | words["modals"]
    names = {str(old): str(new) for old, new in words["renamed"].items()}
    longest = sorted(names, key=len, reverse=True)
    return WordLists(
        dropped=formula | frozenset(words["common"]) | frozenset(words["modals"]),
        numbers=frozenset(words["numbers"]),
        ordinals=frozenset(words["ordinals"]),
        force=force,
        modals=frozenset(words["modals"]),
        restating=frozenset(words["restating"]),
        restated=words["restated"],
        subjects=frozenset(words["subjects"]),
        names=names,
        renamed=re.compile("|".join(map(re.escape, longest))),
        aligned_away=re.compile("|".join(away)),
        symbol=re.compile(symbol),
        in_no_name=frozenset({*words["ordinals"], *words["months"], *words["common"]}),
    )
