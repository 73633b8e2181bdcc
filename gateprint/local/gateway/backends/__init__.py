"""What stands behind a method, and how API Gateway talks to it."""
