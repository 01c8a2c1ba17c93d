"""Lists and their stems: labels, nesting, headings with numbers, footnotes."""
