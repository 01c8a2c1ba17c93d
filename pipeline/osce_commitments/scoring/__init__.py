"""Labelled rows, what a judge says of them, and how well it does: shared by training and evaluation."""
