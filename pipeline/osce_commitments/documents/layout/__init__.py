"""Turns lines into paragraphs, headings and page furniture."""
