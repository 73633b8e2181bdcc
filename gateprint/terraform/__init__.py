"""What Terraform does: how it is found, prepared, started and read."""
