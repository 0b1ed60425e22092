"""Projects that run: their money and work, who owes what by when, who changed which number."""
