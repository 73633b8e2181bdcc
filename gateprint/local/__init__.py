"""A rehearsal: an AWS that runs on this machine, for as long as its process does."""
