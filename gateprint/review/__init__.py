"""WHETHER IT IS WISE: what a person must see before saying yes; pure."""
