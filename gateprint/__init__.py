"""gateprint: API Gateway APIs, their callers and their stages, from YAML to reviewed Terraform."""

__version__ = "0.1.0"
