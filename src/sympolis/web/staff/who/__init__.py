"""Who works on what, for who prepares a visit."""
