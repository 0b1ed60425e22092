"""The board of applications and the page of one: the office's own."""
