"""Full-text and vector search: query language, index, conditions, vectors."""
