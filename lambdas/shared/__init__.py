"""What every function's zip carries besides its own code."""
