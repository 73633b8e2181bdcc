"""How a review is written: for people, and for programs; a module for each format."""
