"""What departments ask the office for: a form without an account, a task with owner and date, the answer by mail."""
