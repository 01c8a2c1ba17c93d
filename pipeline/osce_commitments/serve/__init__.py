"""The analysts' page: server-rendered views of a dataset and a JSON interface next to them, read-only."""

from __future__ import annotations

from osce_commitments.serve.app import create_app
from osce_commitments.serve.server import serve

__all__ = ["create_app", "serve"]
