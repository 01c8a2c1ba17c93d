"""Which commitments a report is about, and how it says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from osce_commitments.errors import ConfigError
from osce_commitments.labels import STRENGTHS, ThreatArea
from osce_commitments.query import NO_AREA, Conditions, Filters

_WEAKEST = STRENGTHS[1]


@dataclass(frozen=True, slots=True)
class Selection:
    """Conditions on commitments; all that are given must hold.

    Attributes:
        areas: Threat areas; empty: any.
        conditions: What :meth:`Reader.search` is asked for, beside the text.
        text: Text query; empty: any.
        words: The conditions as a sentence; empty if there are none.
    """

    areas: tuple[ThreatArea, ...] = ()
    conditions: Conditions | None = None
    text: str = ""
    words: str = ""

    @classmethod
    def of(  # noqa: PLR0913 - one argument per option of the command line
        cls,
        *,
        areas: Sequence[str] = (),
        min_strength: str = "",
        addressee: str = "",
        bodies: Sequence[str] = (),
        since: str = "",
        until: str = "",
        text: str = "",
    ) -> Selection:
        """Read conditions as a person writes them; see :class:`Conditions`.

        Raises:
            ConfigError: If a name or form is wrong; the message lists the choices.
        """
        level = min_strength.strip()
        if level and not level.replace("_", "").isalnum():
            msg = f"{min_strength!r} is no strength"
            raise ConfigError(msg, f"choose the weakest that counts: {', '.join(STRENGTHS[1:])}")
        conditions: Conditions = {
            "threats": tuple(areas),
            "strength": f">={level or _WEAKEST.value}",
            "addressee": addressee,
            "bodies": tuple(bodies),
            "since": since,
            "until": until,
        }
        read = Filters.parse(text=text, **conditions)
        if read.without_area:
            msg = f"there is no report on the area {NO_AREA!r}"
            raise ConfigError(msg, f"choose from: {', '.join(ThreatArea)}")
        lowest = STRENGTHS[max(read.levels[0], _WEAKEST.level)]
        parts = list(_parts(lowest.value, read.addressee, read.bodies, since.strip(), until.strip(), text.strip()))
        words = "; ".join(parts)
        return cls(read.threats, conditions, text, f"{words[0].upper()}{words[1:]}." if words else "")

    @property
    def is_all(self) -> bool:
        """Whether nothing was asked for."""
        return not self.areas and not self.words


def _parts(  # noqa: PLR0913, PLR0917 - one argument per option
    lowest: str, addressee: str, bodies: Sequence[str], since: str, until: str, text: str
) -> Iterator[str]:
    if since and until:
        yield f"adopted from {since} to {until}"
    elif since or until:
        yield f"adopted since {since}" if since else f"adopted until {until}"
    if bodies:
        yield f"adopted by {', '.join(bodies)}"
    if lowest != _WEAKEST:
        yield f"at least {lowest}"
    if addressee:
        yield f"addressed to “{addressee}”"
    if text:
        yield f"found by “{text}”"
