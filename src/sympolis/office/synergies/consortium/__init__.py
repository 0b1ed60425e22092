"""A consortium for a call out of the office's organisations and those of the world's data that fit the call."""
