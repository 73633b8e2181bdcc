"""What credentials need to plan, to apply and to look for drift, as IAM policies."""
