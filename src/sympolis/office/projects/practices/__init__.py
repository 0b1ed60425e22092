"""Practices: what was tried and what others can learn from it."""
