"""From lines to paragraphs, headings and page furniture."""
