"""Writes the authored samples as PDF, DOCX, HTML and plain text; `corpora/README.md` describes the mark-up."""
