"""Lambda functions of the embedded cloud: the uploaded code runs in processes of its own."""
