"""Facts about a document: symbol, body, type, date, language."""
