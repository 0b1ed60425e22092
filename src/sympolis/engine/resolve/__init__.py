"""Same organisation or place? Names are matched by names, not by embeddings."""
