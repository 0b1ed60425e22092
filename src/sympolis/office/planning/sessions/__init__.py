"""Working sessions: who takes part, what they put in, how it is grouped, what gets dots, and the minutes."""
