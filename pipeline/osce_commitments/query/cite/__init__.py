"""How documents and provisions are cited: printed citation, bibliography, citation graph."""
