"""The language of full-text queries: words, "phrases", AND OR NOT, brackets, beginnings*, fields; and the concepts of a query.

A query is parsed to a tree and compiled to an SQLite FTS5 expression in which every word is quoted, so that nothing a person
types is read as FTS5 syntax. For searches that rank by meaning, ``resources/search.yaml`` has the words that say little, and
the documents' terms for what people say.
"""

from __future__ import annotations

import functools
import itertools
import math
import re
import unicodedata
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, NoReturn

from osce_commitments.errors import ConfigError
from osce_commitments.resources import load_yaml

FIELDS = ("title", "heading", "lead_in", "text")

_MOST_CHARACTERS, _MOST_WORDS, _MOST_NESTED, _MOST_SPELLINGS = 2_000, 100, 20, 400
_MOST_EXPANDED = 1_000
FEW = 10  # provisions; a search with fewer results has others close to it
_QUOTES = str.maketrans("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2010\u2011", '""""""--')
_TOKEN = re.compile(
    r"""\s+
    |(?P<open>\()
    |(?P<close>\))
    |"(?P<phrase>[^"]*)(?P<end>"?)
    |(?P<operator>AND|OR|NOT)(?=[\s()"]|$)
    |(?P<minus>-)(?=[\w"(])
    |(?P<field>[^\W\d]\w*):(?=\s*["(\w-])(?P<apart>\s*)
    |(?P<word>[^\s()"]+)""",
    re.VERBOSE,
)
# Control characters, at which SQLite ends a text, and surrogates, which it refuses.
_UNPRINTABLE = re.compile(r"(?!\s)[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_PIECE = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_LITTLE = 0.25  # weight of a word that says little
_NOWHERE = "\ue000"  # private use area: a word for FTS5 that no text contains
_REMEDY = 'write words, "a phrase", AND, OR, NOT, brackets, beginning*, or a field: ' + ", ".join(
    f"{field}:" for field in FIELDS
)


class QueryError(ConfigError):
    """An invalid full-text query."""

    def __init__(self, message: str, remedy: str = "", position: int = 0) -> None:
        super().__init__(message, remedy)
        self.position = position

    def __reduce__(self) -> tuple[type[QueryError], tuple[str, str, int]]:  # type: ignore[override]
        return type(self), (self.message, self.remedy, self.position)


@dataclass(frozen=True, slots=True)
class QueryWords:
    """Consecutive words in one field or, if empty, in the reading text; the last may be a prefix."""

    words: tuple[str, ...]
    field: str = ""
    is_beginning: bool = False
    position: int = 0


@dataclass(frozen=True, slots=True)
class Both:
    """All parts."""

    parts: tuple[QueryNode, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part."""

    parts: tuple[QueryNode, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """Not the part."""

    part: QueryNode
    position: int = 0


QueryNode = QueryWords | Both | Either | Without


class _Token(NamedTuple):
    kind: str
    text: str
    position: int


def parse_query(text: str) -> QueryNode | None:
    """The tree of a query; None if it is empty.

    Raises:
        QueryError: If it is not valid; the message gives the error and its character.
    """
    if (position := unprintable(text)) is not None:
        msg = f"the query contains an unprintable character (at character {position + 1})"
        raise QueryError(msg, "remove it", position)
    text = _clean(text)
    if not text.strip():
        return None
    if len(text) > _MOST_CHARACTERS:
        msg = f"the query is longer than {_MOST_CHARACTERS:,} characters"
        raise QueryError(msg, "shorten it", _MOST_CHARACTERS)
    tokens = list(_tokens(text))
    if sum(token.kind in ("word", "phrase") for token in tokens) > _MOST_WORDS:
        msg = f"the query has more than {_MOST_WORDS} words"
        raise QueryError(msg, "shorten it")
    if not tokens:
        _fail("the query contains no letter or digit", text, 0, _REMEDY)
    parser = _Parser(text, tokens)
    node = parser.either()
    if parser.tokens:
        parser.fail("a closing bracket has no opening one", "remove it, or add an opening bracket before")
    return node


def unprintable(text: str) -> int | None:
    """Position of the first unprintable character, if any."""
    match = _UNPRINTABLE.search(text)
    return match.start() if match else None


def _clean(text: str) -> str:
    spaced = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text)
    return unicodedata.normalize("NFC", spaced).translate(_QUOTES)


def _fail(problem: str, text: str, position: int, remedy: str) -> NoReturn:
    rest = text[position : position + 24].rstrip()
    place = f"at character {position + 1}: {rest}{'…' if len(text) > position + 24 else ''}" if rest else "at its end"
    msg = f"{problem} ({place})"
    raise QueryError(msg, remedy, position)


def _tokens(text: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        kind, position = match.lastgroup or "", match.start()
        if kind == "end":
            if not match["end"]:
                _fail("a phrase has no closing quotation mark", text, position, 'close it with "')
            if not _PIECE.search(match["phrase"]):
                _fail("a phrase has no word", text, position, "write words between the quotation marks")
            yield _Token("phrase", match["phrase"], position)
        elif kind == "apart":
            name = match["field"].lower().replace("-", "_")
            if name in FIELDS:
                yield _Token("field", name, position)
            elif match["apart"]:  # "Note: …" is a word with a colon
                yield _Token("word", match["field"], position)
            else:
                _fail(f"unknown field {match['field']!r}", text, position, f"choose from: {', '.join(FIELDS)}")
        elif kind and (kind != "word" or _PIECE.search(match["word"]) or "*" in match["word"]):
            yield _Token(kind, match[kind], position)


class _Parser:
    """Reads the tokens once, from left to right: OR binds loosest, then AND (or nothing), then NOT."""

    def __init__(self, text: str, tokens: Iterable[_Token]) -> None:
        self._text, self.tokens, self._depth = text, deque(tokens), 0

    def _next_is(self, kind: str, text: str = "") -> bool:
        return bool(self.tokens) and self.tokens[0].kind == kind and text in ("", self.tokens[0].text)

    def fail(self, problem: str, remedy: str, token: _Token | None = None) -> NoReturn:
        token = token or (self.tokens[0] if self.tokens else None)
        _fail(problem, self._text, token.position if token else len(self._text), remedy)

    def either(self) -> QueryNode:
        parts = [self._both()]
        while self._next_is("operator", "OR"):
            self.tokens.popleft()
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _both(self) -> QueryNode:
        parts = [self._part()]
        while self.tokens and not self._next_is("close") and not self._next_is("operator", "OR"):
            if self._next_is("operator", "AND"):
                self.tokens.popleft()
            parts.append(self._part())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def _part(self) -> QueryNode:
        if self._next_is("operator", "NOT") or self._next_is("minus"):
            position = self.tokens.popleft().position
            return Without(self._nested(self._part), position)
        if not self.tokens or self._next_is("close") or self._next_is("operator"):
            self.fail("a word is missing", "write one before and after AND, OR, NOT, and inside brackets")
        return self._primary("")

    def _primary(self, field: str) -> QueryNode:
        if not self.tokens or self.tokens[0].kind in ("close", "operator", "minus"):
            self.fail(f"the field {field} has no word", f'write {field}:word, {field}:"a phrase" or {field}:(…)')
        token = self.tokens.popleft()
        if token.kind == "field":
            return self._primary(token.text)
        if token.kind == "open":
            inside = self._nested(self.either)
            if not self._next_is("close"):
                self.fail("an opening bracket has no closing one", "close it with )", token)
            self.tokens.popleft()
            return _in_field(inside, field) if field else inside
        text = token.text.rstrip(".,;:!?")
        words = tuple(match[0] for match in _PIECE.finditer(text))
        if "*" in text.rstrip("*") or not words:
            problem = "* has no letters before it" if "*" not in text.rstrip("*") else "* is not at the end of a word"
            self.fail(problem, "write the beginning of a word, then *: traffick*", token)
        return QueryWords(words, field, text.endswith("*"), token.position)

    def _nested(self, read: Callable[[], QueryNode]) -> QueryNode:
        self._depth += 1
        if self._depth > _MOST_NESTED:
            self.fail(f"more than {_MOST_NESTED} brackets or NOTs are nested", "simplify the query")
        node = read()
        self._depth -= 1
        return node


def _in_field(node: QueryNode, field: str) -> QueryNode:
    """The tree with a field for words without one."""
    if isinstance(node, QueryWords):
        return QueryWords(node.words, node.field or field, node.is_beginning, node.position)
    if isinstance(node, Without):
        return Without(_in_field(node.part, field), node.position)
    return type(node)(tuple(_in_field(part, field) for part in node.parts))


@dataclass(frozen=True, slots=True)
class Expression:
    """A query for FTS5.

    Attributes:
        match: Must match; empty for any text.
        unless: Must not match; empty for no exclusion.
    """

    match: str
    unless: str = ""


def compile_query(
    node: QueryNode, expand: Callable[[str], Sequence[str]], columns: str = "{text reading}"
) -> Expression:
    """The query as an expression of FTS5.

    ``expand`` returns the words of the index with a prefix: FTS5 would compare a prefix with stems. Words without a field are
    searched in ``columns``.

    Raises:
        QueryError: If NOT has no meaning in its place, or a prefix matches too many words.
    """
    parts = node.parts if isinstance(node, Both) else (node,)
    wanted = [_expression(part, expand, columns) for part in parts if not isinstance(part, Without)]
    excluded = [_expression(part.part, expand, columns) for part in parts if isinstance(part, Without)]
    return Expression(" AND ".join(wanted), " OR ".join(excluded))


def _expression(node: QueryNode, expand: Callable[[str], Sequence[str]], columns: str) -> str:
    if isinstance(node, QueryWords):
        alternatives = _alternatives(node, expand)
        terms = " OR ".join(f'"{alternative}"' for alternative in alternatives or (_NOWHERE,))
        return f"({node.field or columns} : ({terms}))"
    if isinstance(node, Without):
        msg = f"NOT has nothing to exclude from (at character {node.position + 1})"
        raise QueryError(msg, "write what must occur before it: (arms NOT ammunition) OR explosives", node.position)
    if isinstance(node, Either):
        return "(" + " OR ".join(_expression(part, expand, columns) for part in node.parts) + ")"
    inner = compile_query(node, expand, columns)
    if not inner.match:
        first = next(part for part in node.parts if isinstance(part, Without))
        return _expression(first, expand, columns)
    return f"(({inner.match}) NOT ({inner.unless}))" if inner.unless else f"({inner.match})"


def within_limit(expand: Callable[[str], Sequence[str]]) -> Callable[[str], Sequence[str]]:
    """The same function for one query, which may name any number of beginnings but not match any number of words."""
    known: dict[str, Sequence[str]] = {}

    def limited(prefix: str) -> Sequence[str]:
        known.setdefault(prefix, expand(prefix))
        asked.append(len(known[prefix]))
        if sum(asked) > _MOST_EXPANDED:
            msg = f"the beginnings in the query match more than {_MOST_EXPANDED:,} words"
            raise QueryError(msg, "write more letters before each *, or fewer of them", 0)
        return known[prefix]

    asked: list[int] = []
    return limited


def _alternatives(node: QueryWords, expand: Callable[[str], Sequence[str]]) -> list[str]:
    """Every spelling of the words, one phrase each."""
    choices = [spelling_variants(word) for word in node.words]
    if node.is_beginning:
        split = [spelling.rpartition(" ") for spelling in choices[-1]]
        choices[-1] = tuple(f"{first}{space}{word}" for first, space, last in split for word in expand(fold(last)))
    count = math.prod(map(len, choices))
    if count > _MOST_SPELLINGS:
        msg = f"{' '.join(node.words)}* matches {count:,} words (at character {node.position + 1})"
        raise QueryError(msg, "write more letters before the *", node.position)
    return [" ".join(chosen) for chosen in itertools.product(*choices)]


def spelling_variants(word: str) -> tuple[str, ...]:
    """The word and its other spellings, hyphens as spaces: "cooperation", "co operation".

    The pairs are in ``resources/search.yaml``.
    """
    folded = fold(word)
    found = {folded.replace("-", " "): None}
    for beginnings in load_yaml("search")["spellings"]:
        for beginning, other in itertools.permutations(beginnings):
            if folded.startswith(beginning) and not folded.startswith(other):
                found[(other + folded[len(beginning) :]).replace("-", " ")] = None
    return tuple(found)


def fold(word: str) -> str:
    """A word as the index compares it: lower case, without diacritics."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFD", word.lower())
    return "".join(sign for sign in decomposed if unicodedata.category(sign) != "Mn")


def has_near(text: str, found: int) -> bool:
    """Whether a search also lists what is close to it: plain words that few provisions have."""
    return 0 <= found < FEW and bool(text.strip()) and is_plain(text)


def is_plain(text: str) -> bool:
    """Whether a query is words alone, without operators, phrases, beginnings and fields."""
    return all(token.kind == "word" and "*" not in token.text for token in _tokens(_clean(text)))


def plain_words(node: QueryNode | None) -> tuple[str, ...]:
    """The words of a query without operators, fields and excluded words."""
    if isinstance(node, QueryWords):
        return node.words
    if node is None or isinstance(node, Without):
        return ()
    return tuple(word for part in node.parts for word in plain_words(part))


def in_prose(node: QueryNode) -> str:
    """The query as people would say it: ``"travel document*" OR passport*`` as "travel document…" or "passport…"."""
    if isinstance(node, Both | Either):
        return (" or " if isinstance(node, Either) else " and ").join(in_prose(part) for part in node.parts)
    if isinstance(node, Without):
        return f"not {in_prose(node.part)}"
    place = f" in the {node.field.replace('_', '-')}" if node.field else ""
    return f"“{' '.join(node.words)}{'…' if node.is_beginning else ''}”{place}"


def single_words(node: QueryNode) -> Iterator[QueryWords]:
    """Every wanted word alone, with its field."""
    if isinstance(node, QueryWords):
        last = len(node.words) - 1
        for index, word in enumerate(node.words):
            yield QueryWords((word,), node.field, node.is_beginning and index == last, node.position)
    elif not isinstance(node, Without):
        for part in node.parts:
            yield from single_words(part)


def exclusions(node: QueryNode) -> tuple[Without, ...]:
    """The exclusions from the whole query."""
    parts = node.parts if isinstance(node, Both) else (node,)
    return tuple(part for part in parts if isinstance(part, Without))


@dataclass(frozen=True, slots=True)
class Concept:
    """A word or a phrase of a query.

    Attributes:
        words: The query's words.
        terms: The documents' terms for them.
        weight: 1, or less for a word that says little of the matter.
    """

    words: tuple[QueryWords, ...]
    terms: tuple[str, ...]
    weight: float

    @property
    def in_words(self) -> str:
        """Its words as text."""
        return " ".join(word.words[0] for word in self.words)

    @property
    def said(self) -> QueryNode:
        """Its words."""
        return Both(self.words)

    @property
    def meant(self) -> QueryNode:
        """The documents' terms, or its words where they have none."""
        return Either(tuple(QueryWords(tuple(term.split())) for term in self.terms)) if self.terms else self.said


def broaden(node: QueryNode, parts: Sequence[Concept] = ()) -> QueryNode:
    """A query that any concept of the query meets, or a term of the documents for it, without the function words of phrases."""
    parts = parts or concepts(node)
    function_words = _vocabulary().function_words
    weighty = [concept for concept in parts if concept.weight == 1] or parts
    words = (
        word
        for concept in weighty
        for word in concept.words
        if len(concept.words) == 1 or word.words[0].lower() not in function_words
    )
    alternatives = (*words, *(concept.meant for concept in weighty if concept.terms))
    return Both((*((Either(alternatives),) if alternatives else ()), *exclusions(node)))


def concepts(node: QueryNode) -> tuple[Concept, ...]:
    """The concepts of a query, in its order: phrases that the resource has, the longest first, and words.

    Function words count only where there are no others.
    """
    known, words = _vocabulary(), tuple(single_words(node))
    stems = [_stems(word.words[0]) for word in words]
    parts: dict[str, Concept] = {}
    start = 0
    while start < len(words):
        sizes = range(known.longest_term, 0, -1)
        size = next((n for n in sizes if " ".join(stems[start : start + n]) in known.terms), 1)
        phrase, key = words[start : start + size], " ".join(stems[start : start + size])
        start += size
        if key not in parts and (size > 1 or phrase[0].words[0].lower() not in known.function_words):
            weight = _LITTLE if key in known.words_that_say_little else 1.0
            parts[key] = Concept(phrase, known.terms.get(key, ()), weight)
    return tuple(parts.values()) or tuple(Concept((word,), (), 1.0) for word in words)


def terms_of_documents(node: QueryNode | None, most: int | None = None) -> tuple[str, ...]:
    """The documents' own terms for what a query says otherwise, at most some of each concept."""
    weighty = [concept for concept in concepts(node) if concept.weight == 1] if node else []
    query = f" {' '.join(_stems(word.words[0]) for concept in weighty for word in concept.words)} "
    terms = (term for concept in weighty for term in concept.terms[:most] if f" {_stems(term)} " not in query)
    return tuple(dict.fromkeys(terms))


class _Vocabulary(NamedTuple):
    """The lists of ``resources/search.yaml``; phrases are stemmed, terms are by the stems of what people say."""

    function_words: frozenset[str]
    words_that_say_little: frozenset[str]
    terms: Mapping[str, tuple[str, ...]]
    longest_term: int


@functools.cache
def _vocabulary() -> _Vocabulary:
    lists = load_yaml("search")
    terms = {
        _stems(part): tuple(terms)
        for phrases, terms in lists["terms_of_documents"].items()
        for part in phrases.split(", ")
    }
    little = frozenset(map(_stems, lists["words_that_say_little"]))
    return _Vocabulary(frozenset(lists["function_words"]), little, terms, max(len(term.split()) for term in terms))


def _stems(words: str) -> str:
    return " ".join(_stem(fold(word)) for word in words.replace("-", " ").split())


def _stem(word: str) -> str:
    """A word without the ending of a plural or a verb: only equal endings matter, so "polic" for "police" will do."""
    word = load_yaml("search")["irregular_forms"].get(word, word)
    if word.endswith("ies") and len(word) > 4:  # noqa: PLR2004 - "ties" is a word
        word = f"{word[:-3]}y"
    elif word.endswith("s") and not word.endswith("ss") and len(word) > 3:  # noqa: PLR2004 - "ICTs", not "is"
        word = word[:-1]
    if ending := re.fullmatch(r"(\w*[aeiouy])(?:([b-df-hj-kmnp-rtv-xz])\2|(\w+?))(?:ing|ed)", word):
        word = ending[1] + (ending[2] or ending[3])
        if ending[3] and re.fullmatch("[^aeiou]*[aeiou][^aeiouwxy]", word):
            word += "e"  # "caring", unlike "getting"
    return word[:-1] if re.fullmatch(r"\w{5,}e|\w{3,}[cgsvz]e", word) else word  # "care" is no "car"
