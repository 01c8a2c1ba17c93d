"""The PDF reader: characters, lines, columns, ruled and aligned tables."""
