"""CDKTF's fork writes the same Terraform: `make seam`."""
