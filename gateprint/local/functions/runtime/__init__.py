"""What runs inside a function's own process; needs nothing but the standard library.

The server's side imports `wire` alone. The process has no path to the package `gateprint`, and
knows this folder under a private name; so the modules here import each other as siblings.
"""
