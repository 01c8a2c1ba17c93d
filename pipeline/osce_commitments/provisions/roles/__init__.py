"""Which part of a document a piece belongs to: title, recitals, operative text, annex, attachment."""
