"""What several tests need: makers of records, the command line, a web server, the corpora."""
