"""The outbox of the demonstration: what mails look like that go nowhere."""
