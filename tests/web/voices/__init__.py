"""What people say of plans, from the first support to the answer to an objection."""
