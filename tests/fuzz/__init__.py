"""The core never crashes on input: a fuzzer, worst cases and odd files."""
