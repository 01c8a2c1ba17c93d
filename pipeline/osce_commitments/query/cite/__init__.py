"""Citations of documents and provisions: printed citation, bibliography, citation graph."""
