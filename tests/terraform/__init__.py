"""How Terraform is found, prepared and attached."""
