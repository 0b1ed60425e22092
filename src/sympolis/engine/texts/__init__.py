"""Texts as words, languages, vectors and themes."""
