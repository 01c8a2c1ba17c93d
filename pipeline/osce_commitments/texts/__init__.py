"""What every stage needs to know of a printed text, one of each: characters, dates, numerals, capitals."""
