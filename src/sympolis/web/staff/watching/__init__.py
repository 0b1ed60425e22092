"""What somebody watches the calls for, and what is new there."""
