"""Where in the world a plan puts its weight, in versions; what serves which of it, and how effort compares with it."""
