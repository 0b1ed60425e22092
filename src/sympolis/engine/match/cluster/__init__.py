"""Contributions in several languages, in groups that people recognise."""

from .cluster import Contribution, TextGroup, cluster

__all__ = ["Contribution", "TextGroup", "cluster"]
