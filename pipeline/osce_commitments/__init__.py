"""Find, classify and compare the commitments in OSCE decisions and declarations."""

__version__ = "0.1.0"
