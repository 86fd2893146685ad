"""Parameters of calls: validation, and references to objects."""
