"""The newsletter: who gets it, the issues that draft themselves, and how each is handed over once."""
