"""Which requests a route answers, and which routes a pattern reaches; pure."""
