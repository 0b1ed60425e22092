"""Open data in, answers with evidence out. Knows no web framework and no database of the office."""
