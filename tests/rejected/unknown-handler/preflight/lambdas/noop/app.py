"""The handler is gone."""
