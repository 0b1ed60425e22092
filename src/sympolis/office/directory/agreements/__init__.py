"""Agreements between organisations, and positions they sign together."""
