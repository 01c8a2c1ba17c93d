"""Which texts are cited: symbols, numbers, titles, short forms, references back."""
