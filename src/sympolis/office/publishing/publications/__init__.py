"""Studies and publications: who wrote them, for which project, on what, and where they can be read."""
