"""WHO MAY CALL WHAT: the access matrix and the policy documents that state it; pure."""
