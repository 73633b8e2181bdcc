"""Runs that travel between machines: through S3 or a folder, found and verified by digest."""
