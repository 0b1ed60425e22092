"""The conditions of a call, read out of its own words and out of its programme's standard rules."""
