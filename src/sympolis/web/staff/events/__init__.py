"""An event's desk: its speakers, sessions and recordings, who registered, who came, what they thought of it."""
