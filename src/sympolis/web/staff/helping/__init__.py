"""What departments ask for: links to hand out, what waits, answers, the count of a year."""
