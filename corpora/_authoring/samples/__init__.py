"""Sources of the samples."""
