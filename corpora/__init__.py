"""Authored corpora and the programs that build and check them; run from the root of the repository."""
