"""Plan JSON as values: masked, digested, compared, held against a budget, adopted; pure."""
