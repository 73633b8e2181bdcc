"""HOW TERRAFORM IS TOLD: CDKTF constructs from resolved blueprints; the only home of cdktf."""
