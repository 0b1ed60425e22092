"""Queues of tasks."""

LONG = "long"
"""Tasks of minutes: done one at a time beside all others, in a thread that waits for a process of its own."""
