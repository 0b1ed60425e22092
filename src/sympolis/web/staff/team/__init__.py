"""Who signs in for an organisation: its administrator invites them and says what each may do."""
