"""The analysts' page: server-rendered, read-only views of a dataset, and a JSON API."""

from __future__ import annotations

from osce_commitments.serve.app import create_app
from osce_commitments.serve.server import PageAddress, serve

__all__ = ["PageAddress", "create_app", "serve"]
