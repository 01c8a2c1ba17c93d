"""What of a provision lineage compares: its words without formula, dates, numbers of sessions and cited symbols."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
# Content words without which an act says nothing of its matter, and share of them that two acts on one matter have in common.
_MATTER, _FURTHER_MATTER = (2, 0.5), (4, 0.75)
_BEFORE_MAY = ("in", "by", "since", "until", "of", "early", "late", "mid")
_RESTATING, _AS_RESTATED = "restating", frozenset({"restating", "stating", "mandating"})
_CUED = 300  # characters from a cue on that say what it is about
_NEAR = 5  # words from "reaffirms" to the noun that says what it restates
_SHORT = 3  # words up to this length keep their ending
Act = tuple[str, frozenset[str]]
_ASKING = frozenset({"encouraging", "urging", "requesting", "mandating", "authorizing", "committing", "must", "shall"})
_YEAR = re.compile(r"(?:19|20)\d\d")
_PARTS: Mapping[str, str] = {Role.OPERATIVE: "operative", Role.ANNEX: "operative", Role.PREAMBLE: "preamble"}


@dataclass(frozen=True, slots=True)
class Wording:
    """The comparable words of a provision.

    Attributes:
        id, document: Ids of the provision and of its document.
        index: Position in the document.
        part: ``operative`` or ``preamble``; recitals and acts are not compared.
        days: First and last possible day of the document.
        words: Content words of the text and its tail, in order, without endings.
        lead: Content words of the lead-in.
        numbers: Amounts in figures and in words, sorted; no dates, ordinals, symbols and numbers of paragraphs.
        acts: Force of each act and modal in it, with the content words that follow.
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
    text, lead = _tokens(f"{row['text']} {row['tail']}"), _tokens(row["lead_in"])
    lists, acts = _lists(), _acts((*lead, *text))
    return Wording(
        id=row["id"],
        document=row["document"],
        index=row["index"],
        part=part,
        days=days,
        words=tuple(_stem(word) for word in text if word not in lists.dropped and not word[0].isdigit()),
        lead=tuple(_stem(word) for word in lead if word not in lists.dropped and not word[0].isdigit()),
        numbers=_numbers((*lead, *text)),
        acts=acts,
        cued=_cued(row),
        asks=bool(acts) and acts[0][0] in _ASKING,
        notes=not any(force in _ASKING for force, _ in acts) and lineage_rules().finds("note", plain(row["reading"])),
        procedure=procedure_of(row["reading"]),
        cited=frozenset(lists.symbol.findall(row["text"].lower())),
    )


def _cued(row: Row) -> str:
    cue = row["strength_cue"]
    if not cue:
        return ""
    return f"{row[cue['field']][cue['start'] :]} {row['text'] if cue['field'] == 'lead_in' else ''}"[:_CUED]


def _numbers(words: Sequence[str]) -> tuple[str, ...]:
    lists = _lists()
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
    return _acts(_tokens(text))


def title_words(title: str) -> frozenset[str]:
    """Content words of a title."""
    return frozenset(
        _stem(word) for word in _tokens(f". {title}") if word not in _lists().dropped and not word[0].isdigit()
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
    lists = _lists()
    found: list[tuple[str, set[str]]] = []
    for index, (before, word) in enumerate(itertools.pairwise(("we", *words))):
        # "States are encouraged to"; a body that encouraged somebody at its last session is reported, not quoted.
        is_passive = word.endswith("ed") and before in {"are", "is"}
        is_verb = is_passive or word.endswith(("s", "ing")) or word in lists.modals or before in lists.subjects
        if word in lists.force and is_verb:
            found.append((_restated(words[index:]) or lists.force[word], set()))
        elif found and word not in lists.dropped and len(found[-1][1]) < _FOLLOWING:
            found[-1][1].add(_stem(word))
    for (_, following), (_, words_of_one) in itertools.pairwise(reversed(found)):
        if not words_of_one:
            words_of_one.update(following)  # "requests and urges States to …"
    return tuple((force, frozenset(some)) for force, some in found)


def _restated(words: Sequence[str]) -> str:
    """The force of an act that restates another one, "reaffirms that …" or "reiterates its call"; empty for any other act."""
    lists = _lists()
    if words[0] not in lists.restating:
        return ""
    if "that" in words[1:2]:
        return _RESTATING
    return next((lists.restated[word] for word in words[1:_NEAR] if word in lists.restated), "")


def force_differs(acts: Iterable[Act], two: Iterable[Act]) -> bool:
    """Whether an act of the one and an act of the other are about the same words and differ in force.

    An act on words that the other lacks extends or narrows a provision; it makes the rest no firmer. Where both begin with
    acts of one force, a further act must be on the same words almost whole.
    """
    ours, theirs = list(acts), list(two)
    matter = _MATTER
    if ours and theirs and _is_one_force({ours[0][0]}, {theirs[0][0]}):
        ours, theirs, matter = ours[1:], theirs[1:], _FURTHER_MATTER
    for _, words in ours:
        own = {force for force, others in ours if _is_same_matter(words, others, *matter)}
        near = {force for force, others in theirs if _is_same_matter(words, others, *matter)}
        if near and not _is_one_force(own, near):
            return True
    return False


def cue_differs(one: str, two: str) -> bool:
    """Whether the acts at the cues of two provisions are about the same words and differ in force.

    Only then do their levels say that one commitment became firmer or softer. Without a cue that is a known act nothing is decided.

    Args:
        one: Text from the cue of the earlier provision on.
        two: The same of the later one.
    """
    ours, theirs = acts_of(one)[:1], acts_of(two)[:1]
    return not ours or not theirs or force_differs(ours, theirs)


def _is_one_force(one: set[str], two: set[str]) -> bool:
    """Whether two sets of forces have one in common; what is reaffirmed keeps the force with which it was decided."""
    ours, theirs = ((some | _AS_RESTATED if _RESTATING in some else some) for some in (one, two))
    return bool(ours & theirs)


def _is_same_matter(words: frozenset[str], others: frozenset[str], least: int, share: float) -> bool:
    fewest = min(len(words), len(others))
    return fewest >= least and len(words & others) >= max(min(3, fewest), share * fewest)


def _days(row: Row) -> tuple[dt.date, dt.date] | None:
    if row["date"]:
        return row["date"], row["date"]
    return (dt.date(row["year"], 1, 1), dt.date(row["year"], 12, 31)) if row["year"] else None


def _tokens(text: str) -> list[str]:
    if not text:
        return []
    lists = _lists()
    lower = _NAME.sub(_as_one_word, _QUOTED.sub(_as_title, _RAISED.sub(" ", plain(text)))).lower()
    lower = lists.renamed.sub(lambda match: lists.names[match.group()], lower)
    lower = lists.aligned_away.sub(" ", lower)
    return _WORD.findall(lower)


def _as_one_word(name: re.Match[str]) -> str:
    lists = _lists()
    words = [word for word in re.findall(r"[a-z]+", name.group().lower()) if word not in lists.in_no_name]
    return "_".join(words)


def _as_title(quoted: re.Match[str]) -> str:
    words = _as_one_word(quoted)
    return f'"{words}"' if words.count("_") + 1 >= _FEWEST_QUOTED else quoted.group()


def _stem(word: str) -> str:
    """The word without its ending; of a name, every word of it."""
    if "_" in word:
        return "_".join(map(_stem, word.split("_")))
    word = word.removesuffix("'s")
    if len(word) <= _SHORT:
        return word
    for ending, kept in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("s", "")):
        if word.endswith(ending) and not word.endswith(("ss", "us", "is")):
            word = word[: -len(ending)] + kept
            break
    return word.removesuffix("e")


@dataclass(frozen=True, slots=True)
class _Lists:
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
def _lists() -> _Lists:
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
    return _Lists(
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
