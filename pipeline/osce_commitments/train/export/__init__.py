"""Turns a finished training into files that can be released."""
