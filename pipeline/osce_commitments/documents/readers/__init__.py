"""One reader per file format: from bytes to lines or paragraphs."""
