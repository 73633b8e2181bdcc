"""The shop with troposphere, which writes CloudFormation: `main.py OUT`."""

import sys
from pathlib import Path

from troposphere import GetAtt, Join, Ref, Sub, Template
from troposphere.apigateway import (
    Deployment,
    Integration,
    IntegrationResponse,
    Method,
    MethodResponse,
    Resource,
    RestApi,
    Stage,
)
from troposphere.awslambda import Code, Function, Permission
from troposphere.iam import Policy, Role

sys.path.append(str(Path(__file__).parents[1]))
import shop

ALLOWED = "method.response.header.Access-Control-Allow-"


def template() -> Template:
    """Return everything that the shop has."""
    found = Template()
    api = found.add_resource(RestApi("Api", Name="shop"))
    function = found.add_resource(_function(found))
    places = _places(found)
    methods = [
        *(_method(found, function, places[path], verb, path) for verb, path in shop.ROUTES),
        *(_preflight(found, places[path], path) for path in shop.PATHS),
    ]
    deployment = found.add_resource(
        Deployment("Deployment", RestApiId=Ref(api), DependsOn=[each.title for each in methods])
    )
    found.add_resource(
        Stage("Dev", StageName=shop.STAGE, RestApiId=Ref(api), DeploymentId=Ref(deployment))
    )
    found.add_resource(_caller())
    return found


def _function(found: Template) -> Function:
    runs = {"Service": "lambda.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": runs, "Action": "sts:AssumeRole"}
    trust = {"Version": "2012-10-17", "Statement": [statement]}
    role = found.add_resource(Role("Runs", AssumeRolePolicyDocument=trust))
    found.add_resource(
        Permission(
            "Called",
            Action="lambda:InvokeFunction",
            FunctionName=Ref("Function"),
            Principal="apigateway.amazonaws.com",
            SourceArn=Sub(
                "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/*"
            ),
        )
    )
    code = (Path(__file__).parents[1] / "handler" / "app.py").read_text(encoding="utf-8")
    return Function(
        "Function",
        Handler="index.handler",
        Runtime="python3.12",
        Role=GetAtt(role, "Arn"),
        Code=Code(ZipFile=code),
    )


def _places(found: Template) -> dict[str, object]:
    """Return the resource of each path."""
    places: dict[str, object] = {"": GetAtt("Api", "RootResourceId")}
    for path in shop.PATHS:
        parts = path.strip("/").split("/")
        for depth, part in enumerate(parts, 1):
            here, parent = "/".join(parts[:depth]), "/".join(parts[: depth - 1])
            if here not in places:
                title = "At" + "".join(each for each in here.title() if each.isalnum())
                made = Resource(title, RestApiId=Ref("Api"), ParentId=places[parent], PathPart=part)
                places[here] = Ref(found.add_resource(made))
    return {f"/{path}": place for path, place in places.items()}


def _method(found, function, place, verb: str, path: str) -> Method:
    uri = Sub(
        "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
        "${Function.Arn}/invocations"
    )
    return found.add_resource(
        Method(
            _title(verb, path),
            RestApiId=Ref("Api"),
            ResourceId=place,
            HttpMethod=verb,
            AuthorizationType="AWS_IAM",
            Integration=Integration(Type="AWS_PROXY", IntegrationHttpMethod="POST", Uri=uri),
        )
    )


def _preflight(found, place, path: str) -> Method:
    verbs = ",".join(["OPTIONS", *(verb for verb, at in shop.ROUTES if at == path)])
    headers = {
        f"{ALLOWED}Origin": f"'{shop.ORIGIN}'",
        f"{ALLOWED}Methods": f"'{verbs}'",
        f"{ALLOWED}Headers": "'Content-Type,X-Amz-Date,Authorization,X-Amz-Security-Token'",
    }
    answer = IntegrationResponse(StatusCode="204", ResponseParameters=headers)
    return found.add_resource(
        Method(
            _title("OPTIONS", path),
            RestApiId=Ref("Api"),
            ResourceId=place,
            HttpMethod="OPTIONS",
            AuthorizationType="NONE",
            Integration=Integration(
                Type="MOCK",
                RequestTemplates={"application/json": '{"statusCode": 204}'},
                IntegrationResponses=[answer],
            ),
            MethodResponses=[
                MethodResponse(StatusCode="204", ResponseParameters=dict.fromkeys(headers, True))
            ],
        )
    )


def _title(verb: str, path: str) -> str:
    return verb.title() + "".join(each for each in path.title() if each.isalnum())


def _caller() -> Role:
    start = Sub("arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/")
    arns = [Join("", [start, shop.invoked(verb, path)]) for verb, path in shop.ROUTES]
    statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": arns}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return Role(
        "Caller",
        RoleName=shop.ROLE,
        AssumeRolePolicyDocument=shop.trust(),
        Policies=[Policy(PolicyName="call", PolicyDocument=document)],
    )


if __name__ == "__main__":
    Path(sys.argv[1], "template.json").write_text(template().to_json(), encoding="utf-8")
