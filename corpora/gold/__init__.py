"""Authored documents with gold for structure and tags."""
