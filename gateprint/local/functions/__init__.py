"""Lambda functions of the embedded cloud: the uploaded code runs in Python processes of its own."""
