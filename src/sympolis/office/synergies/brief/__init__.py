"""The brief between two partners: what is said about them, in no language yet, and how it is written down in one."""
