"""Search a dataset: full text, facets, similarity, read-only SQL, one provision in context.

The public names are those of ``public``. They are imported on first use, so that the command line can read ``conditions``
for its help without the search engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from osce_commitments.query.public import *  # noqa: F403 - the names are listed there
else:

    def __getattr__(name: str) -> object:
        from importlib import import_module
        from importlib.util import find_spec

        # ``from osce_commitments.query import citing`` asks here first; ``public`` may be half imported at that moment.
        if find_spec(f"{__name__}.{name}"):
            msg = f"{name} is a module, to be imported"
            raise AttributeError(msg)
        return getattr(import_module("osce_commitments.query.public"), name)
