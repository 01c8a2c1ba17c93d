"""Optional parts: formats of other systems."""
