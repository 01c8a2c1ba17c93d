"""Questions to a dataset: search, facets, likeness, read-only SQL, one provision in its context.

The public names are those of ``public``. They are imported when one is first asked for, so that the command line can read
``conditions`` for its help without the search engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from osce_commitments.query.public import *  # noqa: F403 - the names are listed there
else:

    def __getattr__(name: str) -> object:
        from importlib import import_module

        return getattr(import_module("osce_commitments.query.public"), name)
