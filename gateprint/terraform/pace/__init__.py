"""At what pace stacks are applied, so that API Gateway refuses nothing; pure."""
