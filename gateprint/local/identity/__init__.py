"""Who calls, and whether they may: signatures, sign-ins, temporary credentials, IAM's decision."""
