"""Registering for an event without an account: places, the waiting list, mails, who came, what they thought of it."""
