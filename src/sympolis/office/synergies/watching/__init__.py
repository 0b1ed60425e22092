"""What people watch the calls for, what is noticed for whom, and the mail that tells it, each thing once."""
