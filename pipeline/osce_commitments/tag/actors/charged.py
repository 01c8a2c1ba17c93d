"""The actors that a stem charges with what its items say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from osce_commitments.labels import TagKind
from osce_commitments.schema import Tag
from osce_commitments.tag.actor_rules import actor_pattern, actor_words


def charged_names(stem: str, tags: Sequence[Tag]) -> Iterator[str]:
    """Names of the addressees of a stem, without those who speak in it and without a part of one named before.

    Args:
        stem: The lead-in.
        tags: Its tags.
    """
    verbs = [tag for tag in tags if tag.kind == TagKind.ACTION and not tag.why]
    is_speech = bool(verbs) and verbs[0].ref not in actor_words("modals")
    is_speech = is_speech and not actor_pattern("verb.passive").match(verbs[0].text)
    for tag in tags:
        is_part = bool(actor_pattern("duty.part").search(stem, 0, tag.start))
        if tag.kind == TagKind.ADDRESSEE and not is_part and not (is_speech and tag.start < verbs[0].start):
            yield tag.name
