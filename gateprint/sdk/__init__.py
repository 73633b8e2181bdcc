"""HOW CALLERS CALL: typed clients of an API, generated from its blueprint; pure."""
