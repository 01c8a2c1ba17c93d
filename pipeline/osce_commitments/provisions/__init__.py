"""Splits documents into provisions: the smallest spans of text that state one act each."""

from osce_commitments.provisions.segment import segment

__all__ = ["segment"]
