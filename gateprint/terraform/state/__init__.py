"""Terraform's state in S3: listing, records of what was applied, locks, and the bucket."""
