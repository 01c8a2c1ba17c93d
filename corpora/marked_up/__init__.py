"""Measures structure, facts and citations against the mark-up of documents (Akoma Ntoso of the United Nations)."""
