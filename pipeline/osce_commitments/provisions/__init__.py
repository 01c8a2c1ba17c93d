"""Documents to provisions: the smallest stretches of text that state one act each."""

from osce_commitments.provisions.segment import SEGMENTER_VERSION, segment

__all__ = ["SEGMENTER_VERSION", "segment"]
