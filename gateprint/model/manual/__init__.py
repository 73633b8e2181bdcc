"""What the models say about themselves: JSON Schema for editors, and the reference page."""
