"""Applications for funding: how far each is, who owns it, its deadline, tasks and partners, and what came of it."""
