"""What a document is: symbol, body, type, date, language."""
