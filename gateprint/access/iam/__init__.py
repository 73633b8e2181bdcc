"""How IAM reads policies: statements, patterns, conditions, principals; pure."""
