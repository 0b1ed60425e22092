"""Where the steps of a build run, and the shapes of what they hand on. Only builds import this: it brings Arrow."""
