"""WHAT WAS ASKED: the two formats, read, checked and resolved; pure."""
