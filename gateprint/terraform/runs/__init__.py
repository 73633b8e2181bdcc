"""A run: what was planned, what was said about it, and what became of it; a folder of files."""
