"""The stacks of a plan, divided among machines."""
