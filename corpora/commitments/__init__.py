"""Coded provisions of authored documents."""
