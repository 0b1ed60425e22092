"""News and pages: what is written, translated, read by a second person and published."""
