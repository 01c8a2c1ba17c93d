"""The actors that a stem gives the tasks in its items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from osce_commitments.labels import TagKind
from osce_commitments.schema import Tag
from osce_commitments.tag.actor_rules import actor_pattern, actor_words


def passed_on(tags: Sequence[Tag]) -> list[Tag]:
    """Return the tags that items take over from their stem: of the addressees, those of the act that opens the list.

    "Calls upon A to help B and requests C to:" gives the items to C alone. Speakers in the first person stay: "We thank A
    and call upon B to:".

    Args:
        tags: Tags of the lead-in.
    """
    addressees = [tag for tag in tags if tag.kind == TagKind.ADDRESSEE]
    acts = [tag for tag in tags if tag.kind == TagKind.ACTION and not tag.why]
    if len(acts) < 2 or not addressees:  # noqa: PLR2004 - one act has all of them
        return list(tags)
    last = acts[-1].start
    if not any(tag.start >= last for tag in addressees) and acts[-1].ref not in actor_words("idle_verbs"):
        last = acts[-2].end  # the subject of the last act precedes it
        if not any(tag.start >= last for tag in addressees):
            return list(tags)
    earlier = [tag for tag in addressees if acts[0].start <= tag.start < last]
    return [tag for tag in tags if tag not in earlier]


def charged_names(stem: str, tags: Sequence[Tag]) -> Iterator[str]:
    """Return the addressees of a stem by name, without its speakers and without parts of earlier addressees.

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
