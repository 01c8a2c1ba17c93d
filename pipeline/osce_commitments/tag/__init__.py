"""Tag what provisions name: actors, addressees, instruments, events, dates, deadlines, qualifiers, acts."""

from __future__ import annotations

from osce_commitments.tag.tagger import Tagger, load_tagger

__all__ = ["Tagger", "load_tagger"]
