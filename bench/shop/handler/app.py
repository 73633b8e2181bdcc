"""The one function behind all routes."""


def handler(event, context):
    """Answer with nothing."""
    return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "*"}, "body": "{}"}
