"""Registration of the components as spaCy factories; nothing else.

The distribution's entry points in the group ``spacy_factories`` name the functions below, so that
``nlp.add_pipe("osce_dates")`` works in any spaCy pipeline. Importing this module registers them as well.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from osce_commitments.tag.actions import ActionFinder
from osce_commitments.tag.actors.addressees import Addressees
from osce_commitments.tag.actors.known_actors import Actors
from osce_commitments.tag.citations.instruments import Instruments
from osce_commitments.tag.component import Context
from osce_commitments.tag.events import Events
from osce_commitments.tag.qualifiers import Qualifiers
from osce_commitments.tag.time.dates import Dates
from osce_commitments.tag.time.deadlines import Deadlines

COMPONENTS = (
    "osce_dates",
    "osce_instruments",
    "osce_events",
    "osce_actors",
    "osce_actions",
    "osce_addressees",
    "osce_qualifiers",
    "osce_deadlines",
)
# What classifiers read: the addressee of a verb. The patterns of the others take longest to compile.
LABEL_COMPONENTS = ("osce_actors", "osce_actions", "osce_addressees")

Doc.set_extension("osce_tags", default=(), force=True)
Doc.set_extension("osce_context", default=Context(), force=True)
Doc.set_extension("osce_actions", default=None, force=True)


@Language.factory("osce_dates")
def make_dates(nlp: Language, name: str) -> Dates:  # noqa: ARG001 - spaCy passes both
    """Dates as ISO 8601."""
    return Dates()


@Language.factory("osce_instruments")
def make_instruments(nlp: Language, name: str) -> Instruments:  # noqa: ARG001 - spaCy passes both
    """Citations of instruments."""
    return Instruments(nlp)


@Language.factory("osce_events")
def make_events(nlp: Language, name: str) -> Events:  # noqa: ARG001 - spaCy passes both
    """Meetings and conferences."""
    return Events()


@Language.factory("osce_actors")
def make_actors(nlp: Language, name: str) -> Actors:  # noqa: ARG001 - spaCy passes both
    """Actors and States of the catalogue."""
    return Actors(nlp)


@Language.factory("osce_actions")
def make_actions(nlp: Language, name: str) -> ActionFinder:  # noqa: ARG001 - spaCy passes both
    """Operative verbs and modals."""
    return ActionFinder()


@Language.factory("osce_addressees")
def make_addressees(nlp: Language, name: str) -> Addressees:  # noqa: ARG001 - spaCy passes both
    """Who is to act; after actors and actions."""
    return Addressees()


@Language.factory("osce_qualifiers")
def make_qualifiers(nlp: Language, name: str) -> Qualifiers:  # noqa: ARG001 - spaCy passes both
    """Words that limit or condition an act."""
    return Qualifiers()


@Language.factory("osce_deadlines")
def make_deadlines(nlp: Language, name: str) -> Deadlines:  # noqa: ARG001 - spaCy passes both
    """By when and how often; dates are resolved against ``doc._.osce_context.date``."""
    return Deadlines()
