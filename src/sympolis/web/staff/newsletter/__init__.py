"""The newsletter in the office: issues, subscribers, mails that came back."""
