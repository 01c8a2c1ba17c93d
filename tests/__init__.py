"""Tests of osce-commitments."""
