"""Comparison of wordings, versions and meetings."""
