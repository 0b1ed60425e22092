"""What somebody who is not of the office would write, until the office has said yes or no to it."""
