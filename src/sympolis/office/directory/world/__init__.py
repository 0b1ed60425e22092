"""The directory and the world's data: which of its organisations are ours, and which of its records are one body."""
