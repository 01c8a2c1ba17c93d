"""Find the provision that a correction is about: by all that it is, else where symbol, title or lead-in changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from osce_commitments.corrections.identity import Identity, bare_words, identity_of
from osce_commitments.corrections.merging import Standing, standing_answers
from osce_commitments.corrections.overlay import overlaid, reverted
from osce_commitments.schema import Row

# Either symbol or title may be new. A new lead-in can change the labels, so such a match is doubtful; short items recur
# under several lead-ins of one document.
_SHORT = 8  # words
_WAYS: tuple[Callable[[Identity], tuple[str, ...]], ...] = (
    lambda one: (one.text, one.lead_in, one.symbol) if one.symbol else (),
    lambda one: (one.text, one.lead_in, one.title) if one.title else (),
    lambda one: (one.text, one.symbol) if one.symbol and one.text.count(" ") >= _SHORT else (),
    lambda one: (one.text, one.title) if one.title and one.text.count(" ") >= _SHORT else (),
)


class Corrections:
    """The rows of ``corrections`` of a dataset, to be laid over its provisions."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self.rows = sorted(rows, key=lambda row: row["number"])
        self.standing = standing_answers(self.rows)
        self._ways: list[dict[tuple[str, ...], Standing]] = [{} for _ in _WAYS]
        for one in sorted(self.standing.values(), key=lambda one: one.row["number"]):
            identity = _identity(one.row)
            for way, found in zip(_WAYS, self._ways, strict=True):
                if words := way(identity):
                    found[words] = one

    def find(self, row: Mapping[str, Any]) -> Standing | None:
        """The answers that count for a provision, if anybody has answered."""
        if not self.standing:
            return None
        if exact := self.standing.get(row["key"]):
            return exact
        identity = _identity(row)
        for way, known in zip(_WAYS, self._ways, strict=True):
            if (words := way(identity)) and words in known:
                return known[words]
        return None

    def over(self, row: Row) -> Row:
        """A row of ``provisions`` with what counts for it in place of the labels of the program.

        It is marked for review if its lead-in is not the one that the person saw.
        """
        plain = reverted(row)
        if not (offset := self.find(plain)):
            return plain
        is_new = bare_words(offset.row["lead_in"]) != bare_words(plain["lead_in"])
        return overlaid(plain, offset, is_doubtful=is_new)


def _identity(row: Mapping[str, Any]) -> Identity:
    return identity_of(row["symbol"], row["title"], row["lead_in"], row["text"])
