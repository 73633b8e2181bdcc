"""Who gains and who loses access between two states of the inputs; pure."""
