"""A project while it runs: its money, its work, what is owed by when, and who changed which number."""
