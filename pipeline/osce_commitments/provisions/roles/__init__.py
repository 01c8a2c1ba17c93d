"""The part of a document that a piece belongs to: title, recitals, operative text, annex, attachment."""
