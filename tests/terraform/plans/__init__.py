"""Tests of what gateprint reads out of a saved plan."""
