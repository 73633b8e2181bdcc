"""One function per command: reads what it needs, calls the layers below, returns a value."""
