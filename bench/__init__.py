"""Measures what gateprint promises about time and memory."""
