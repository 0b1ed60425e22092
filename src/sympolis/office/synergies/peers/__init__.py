"""Places like a place, what they have done about a problem, and several side by side."""
