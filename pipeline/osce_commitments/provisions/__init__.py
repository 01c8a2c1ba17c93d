"""Documents to provisions: the smallest stretches of text that state one act each."""

from osce_commitments.provisions.segment import segment

__all__ = ["segment"]
