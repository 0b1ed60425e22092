"""What members would change, field by field, and the office's yes or no to it."""
