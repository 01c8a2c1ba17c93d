"""Labels of real provisions, by the hashes of their words, and the measure of the part that nobody reads."""
