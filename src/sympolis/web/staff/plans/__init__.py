"""How far actions are, said by who answers for them; versions of plans."""
