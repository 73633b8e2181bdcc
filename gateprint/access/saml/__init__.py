"""Signing in: what the identity provider needs, and what it sends; pure."""
