"""Labelled rows, the labels of judges, and measures of their quality: shared by training and evaluation."""
