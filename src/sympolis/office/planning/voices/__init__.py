"""What people say of a plan: supports, comments, what moderators do with them, and when which of it is open."""
