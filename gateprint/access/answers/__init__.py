"""Whether a concrete request is allowed, by which statement and which line; pure."""
