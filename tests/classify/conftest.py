from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from osce_commitments.ids import document_id, provision_id
from osce_commitments.labels import Role
from osce_commitments.schema import Provision, TaggedProvision
from osce_commitments.tag.actions import find_actions

if TYPE_CHECKING:
    from collections.abc import Callable


def tagged(
    text: str,
    lead_in: str = "",
    role: str = "operative",
    title: str = "",
    heading: str = "",
) -> TaggedProvision:
    document = document_id("0" * 64, 1)
    provision = Provision(
        id=provision_id(document, 0, len(text), text),
        document=document,
        index=0,
        start=0,
        end=len(text),
        text=text,
        role=Role(role),
        title=title,
        heading=(heading,) if heading else (),
        lead_in=lead_in,
    )
    actions = find_actions(text, lead_in)
    return TaggedProvision(provision, actions.tags, actions.main, actions.polarity, actions.voice)


@pytest.fixture
def make() -> Callable[..., TaggedProvision]:
    return tagged
