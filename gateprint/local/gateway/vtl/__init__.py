"""Mapping templates: the part of the Velocity template language that the data plane knows."""
