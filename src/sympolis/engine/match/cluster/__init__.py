"""Contributions in several languages, in groups that people recognise."""

from .cluster import APART, Contribution, TextGroup, cluster, in_languages, texts_read

__all__ = ["APART", "Contribution", "TextGroup", "cluster", "in_languages", "texts_read"]
