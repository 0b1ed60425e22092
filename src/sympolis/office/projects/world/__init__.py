"""Projects of the world's data, and those of them the office takes over."""
