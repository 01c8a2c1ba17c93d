"""The rules of the annotation guide: strength and threat areas from words alone."""
