from __future__ import annotations

import pytest

from osce_commitments.labels import Field, Polarity, TagKind, Voice
from osce_commitments.tag.actions import find_actions

CASES = [
    # text, lead-in, main, polarity, voice
    ("Calls upon participating States to ratify it;", "", "Calls upon", "do", "active"),
    ("We strongly call on all States to ratify it.", "", "call on", "do", "active"),
    ("States are once again encouraged to reply.", "", "are once again encouraged", "do", "passive"),
    ("The Secretariat is requested to reply.", "", "is requested", "do", "passive"),
    ("We will, where appropriate, share samples.", "", "will, where appropriate, share", "do", "active"),
    ("We will refrain from such acts.", "", "will refrain", "refrain", "active"),
    ("Such goods shall not be supplied.", "", "shall not be supplied", "refrain", "passive"),
    ("Urges States not to supply such goods;", "", "Urges", "refrain", "active"),
    ("We remain committed to helping the victims.", "", "remain committed to helping", "do", "active"),
    ("exchange lists;", "Calls upon States to:", "Calls upon", "do", "active"),
    ("States should exchange lists;", "The States agreed that:", "should exchange", "do", "active"),
    ("to reply;", "Welcomes the guide and invites States:", "invites", "do", "active"),
    ("Welcomes the guide and tasks the Secretariat to print it;", "", "tasks", "do", "active"),
    ("The guide is in print.", "", "", "do", "active"),
    ("Recalling the will of the people in May 2091,", "", "", "do", "active"),
]


@pytest.mark.parametrize(("text", "lead_in", "main", "polarity", "voice"), CASES, ids=[case[0] for case in CASES])
def test_main_act(text: str, lead_in: str, main: str, polarity: str, voice: str) -> None:
    actions = find_actions(text, lead_in)
    assert (actions.main, actions.polarity, actions.voice) == (main, Polarity(polarity), Voice(voice))


def test_tags_carry_field_offsets_lemma_and_note() -> None:
    text, lead_in = "Welcomes the guide, which States should use;", "The Council calls on all to:"
    tags = find_actions(text, lead_in).tags
    assert [(tag.ref, tag.field, tag.note) for tag in tags] == [
        ("welcome", Field.TEXT, ""),
        ("should", Field.TEXT, "subordinate clause"),
        ("call upon", Field.LEAD_IN, ""),
    ]
    for tag in tags:
        source = text if tag.field == Field.TEXT else lead_in
        assert source[tag.start : tag.end] == tag.text
        assert tag.kind == TagKind.ACTION


def test_participle_is_noted() -> None:
    [tag] = find_actions("Recalling its decision,").tags
    assert (tag.ref, tag.note) == ("recall", "participle")
