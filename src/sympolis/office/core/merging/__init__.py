"""Two records made one, with everything that named either; and taken apart again."""
