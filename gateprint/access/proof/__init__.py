"""The proof that synthesized Terraform gives exactly the stated access; pure."""
