"""Text functions shared by all stages: characters, dates, numerals, capitals, differences."""
