"""The shop as a SAM template, translated to CloudFormation: `main.py OUT`."""

import json
import sys
from pathlib import Path

from samtranslator.public.translator import ManagedPolicyLoader
from samtranslator.translator.transform import transform

sys.path.append(str(Path(__file__).parents[1]))
import shop


class _NoPolicies(ManagedPolicyLoader):
    """Knows no managed policies: the template names none, and no account is asked."""

    def __init__(self) -> None:
        super().__init__(None)

    def load(self) -> dict[str, str]:
        """Return nothing."""
        return {}


def template() -> dict[str, object]:
    """Return what somebody would write by hand."""
    start = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/"
    statement = {
        "Effect": "Allow",
        "Action": "execute-api:Invoke",
        "Resource": [{"Fn::Sub": start + shop.invoked(*route)} for route in shop.ROUTES],
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "Api": {"Type": "AWS::Serverless::Api", "Properties": _api()},
            "Function": {"Type": "AWS::Serverless::Function", "Properties": _function()},
            "Caller": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": shop.ROLE,
                    "AssumeRolePolicyDocument": shop.trust(),
                    "Policies": [{"PolicyName": "call", "PolicyDocument": document}],
                },
            },
        },
    }


def _api() -> dict[str, object]:
    return {
        "StageName": shop.STAGE,
        "Auth": {"DefaultAuthorizer": "AWS_IAM", "AddDefaultAuthorizerToCorsPreflight": False},
        "Cors": f"'{shop.ORIGIN}'",
    }


def _function() -> dict[str, object]:
    code = (Path(__file__).parents[1] / "handler" / "app.py").read_text(encoding="utf-8")
    return {
        "Runtime": "python3.12",
        "Handler": "index.handler",
        "InlineCode": code,
        "Events": {
            f"Route{number}": {
                "Type": "Api",
                "Properties": {"RestApiId": {"Ref": "Api"}, "Method": verb, "Path": path},
            }
            for number, (verb, path) in enumerate(shop.ROUTES)
        },
    }


if __name__ == "__main__":
    translated = transform(template(), {}, _NoPolicies())
    Path(sys.argv[1], "template.json").write_text(json.dumps(translated), encoding="utf-8")
