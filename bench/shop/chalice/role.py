"""Write the role that Chalice cannot declare, to stand beside its Terraform: `role.py FILE`."""

import json
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))
import shop

START = "${aws_api_gateway_rest_api.rest_api.execution_arn}/"
STATEMENT = {
    "Effect": "Allow",
    "Action": "execute-api:Invoke",
    "Resource": [START + shop.invoked(*route) for route in shop.ROUTES],
}
ROLE = {"name": shop.ROLE, "assume_role_policy": json.dumps(shop.trust())}
POLICY = {
    "name": "call",
    "role": "${aws_iam_role.caller.name}",
    "policy": json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]}),
}
RESOURCES = {"aws_iam_role": {"caller": ROLE}, "aws_iam_role_policy": {"call": POLICY}}
Path(sys.argv[1]).write_text(json.dumps({"resource": RESOURCES}), encoding="utf-8")
