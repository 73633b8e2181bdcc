"""The data plane: what API Gateway does with a request to a deployed REST API."""
