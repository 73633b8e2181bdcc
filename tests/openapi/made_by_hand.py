"""A REST API that somebody made by hand in an account: through boto3, into the embedded cloud."""

from __future__ import annotations

from typing import Any

FUNCTION = "arn:aws:lambda:us-east-2:000000000000:function:prices"
URI = f"arn:aws:apigateway:us-east-2:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
_HEADER = "method.response.header.Access-Control-Allow-Origin"
_JSON = "application/json"


class ByHand:
    """One API, its resources by path."""

    def __init__(self, client: Any, name: str) -> None:
        self.client = client
        made = client.create_rest_api(
            name=name,
            description="Prices of pets.",
            endpointConfiguration={"types": ["REGIONAL"]},
        )
        self.id = str(made["id"])
        (root,) = client.get_resources(restApiId=self.id)["items"]
        self.ids: dict[str, str] = {"/": root["id"]}

    def path(self, path: str) -> str:
        """Add a path below one that is there; return its id."""
        parent, _, part = path.rpartition("/")
        made = self.client.create_resource(
            restApiId=self.id, parentId=self.ids[parent or "/"], pathPart=part
        )
        self.ids[path] = str(made["id"])
        return self.ids[path]

    def method(self, verb: str, path: str, auth: str, **integration: Any) -> dict[str, str]:
        """Add a method with its integration; return what names it."""
        named = {"restApiId": self.id, "resourceId": self.ids[path], "httpMethod": verb}
        parameters = integration.get("requestParameters", {}).values()
        self.client.put_method(
            **named,
            authorizationType=auth,
            requestParameters=dict.fromkeys(parameters, True),
        )
        self.client.put_integration(**named, **integration)
        return named

    def answer(self, named: dict[str, str], status: str, headers: dict[str, str], body: str):
        """Add a method's answer."""
        declared = dict.fromkeys(headers, True)
        self.client.put_method_response(**named, statusCode=status, responseParameters=declared)
        self.client.put_integration_response(
            **named,
            statusCode=status,
            responseParameters=headers,
            **({"responseTemplates": {_JSON: body}} if body else {}),
        )

    def stage(self, name: str) -> None:
        """Deploy it."""
        made = self.client.create_deployment(restApiId=self.id)
        self.client.create_stage(
            restApiId=self.id,
            stageName=name,
            deploymentId=made["id"],
            variables={"currency": "EUR"},
            description="What customers use.",
        )


def make_prices(client: Any) -> ByHand:
    """Make an API with a function, an address, a mock, and a preflight."""
    api = ByHand(client, "Prices (by hand)")
    for path in ("/prices", "/prices/{pet}", "/health"):
        api.path(path)
    api.method(
        "GET", "/prices/{pet}", "AWS_IAM", type="AWS_PROXY", uri=URI, integrationHttpMethod="POST"
    )
    api.method(
        "GET",
        "/prices",
        "AWS_IAM",
        type="HTTP_PROXY",
        uri="https://prices.example.com/v1",
        integrationHttpMethod="GET",
    )
    ok = {"requestTemplates": {_JSON: '{"statusCode": 200}'}, "type": "MOCK"}
    health = api.method("GET", "/health", "NONE", **ok)
    api.answer(health, "200", {_HEADER: "'*'"}, '{"status": "ok"}')
    for path in ("/prices", "/prices/{pet}", "/health"):
        api.answer(api.method("OPTIONS", path, "NONE", **ok), "200", {_HEADER: "'*'"}, "")
    api.stage("live")
    return api
