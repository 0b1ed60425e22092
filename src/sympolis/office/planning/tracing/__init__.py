"""From what was said in sessions to the lines and actions of a plan, and back: links, and what became of it."""
