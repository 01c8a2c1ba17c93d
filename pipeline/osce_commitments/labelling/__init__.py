"""Labels by people: which provisions to look at, files to fill in, answers read back, agreement between persons."""
