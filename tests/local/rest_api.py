"""A REST API in the embedded cloud, for tests that change it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.one_of_each import ACCOUNT

LAMBDA = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:pets/invocations"
)

Patch = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True)
class Api:
    """A REST API with one method, its responses, a deployment and a stage."""

    gateway: Any
    api_id: str
    resource_id: str
    deployment_id: str

    def call(self, verb: str, **more: Any) -> dict[str, Any]:
        """Call an operation on this API; the answer without its metadata."""
        answer = getattr(self.gateway, verb)(restApiId=self.api_id, **more)
        return {key: value for key, value in answer.items() if key != "ResponseMetadata"}

    def patch(self, kind: str, place: dict[str, Any], *patches: Patch) -> dict[str, Any]:
        """Update a thing and read it again; what the update answered must be the same."""
        operations = [
            {"op": op, "path": path, **({} if value is None else {"value": value})}
            for op, path, value in patches
        ]
        answered = self.call(f"update_{kind}", **place, patchOperations=operations)
        read = self.call(f"get_{kind}", **place)
        assert answered == read
        return read

    @property
    def method(self) -> dict[str, Any]:
        return {"resourceId": self.resource_id, "httpMethod": "GET"}

    @property
    def response(self) -> dict[str, Any]:
        return {**self.method, "statusCode": "200"}

    @property
    def stage(self) -> dict[str, Any]:
        return {"stageName": "Test"}


def create_api(gateway: Any) -> Api:
    """Create everything that an `Api` stands for."""
    created = gateway.create_rest_api(name="pets", binaryMediaTypes=["image/png"])
    api_id = created["id"]
    root = created["rootResourceId"]
    place = {"restApiId": api_id}
    resource = gateway.create_resource(**place, parentId=root, pathPart="pets")
    method = {**place, "resourceId": resource["id"], "httpMethod": "GET"}
    gateway.put_method(**method, authorizationType="NONE")
    gateway.put_method_response(**method, statusCode="200")
    gateway.put_integration(**method, type="AWS_PROXY", integrationHttpMethod="POST", uri=LAMBDA)
    gateway.put_integration_response(**method, statusCode="200")
    gateway.put_gateway_response(**place, responseType="UNAUTHORIZED", statusCode="401")
    deployment = gateway.create_deployment(**place)
    gateway.create_stage(**place, stageName="Test", deploymentId=deployment["id"])
    return Api(gateway, api_id, resource["id"], deployment["id"])


def refused(call: Callable[[], object]) -> tuple[int, str]:
    """The HTTP status and the error code of a refusal."""
    with pytest.raises(ClientError) as failure:
        call()
    response: Any = failure.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]
