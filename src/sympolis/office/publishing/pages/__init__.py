"""Pages of the office: a tree of them in every language, made of blocks, published when they were read."""
