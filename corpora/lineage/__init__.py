"""Authored documents whose commitments are taken up through the years, and coded pairs of provisions."""
