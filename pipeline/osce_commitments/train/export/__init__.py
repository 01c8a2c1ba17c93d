"""From a finished training to files that can be released."""
