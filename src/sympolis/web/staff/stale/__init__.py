"""Which members' pages nobody of theirs has looked at for long, and asking them."""
