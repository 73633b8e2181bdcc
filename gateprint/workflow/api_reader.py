"""Reads one REST API of an account, whole; changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from botocore.exceptions import ClientError

from gateprint.errors import ToolFailed
from gateprint.model.resolved import Environment
from gateprint.openapi.account import AccountApi
from gateprint.workflow.aws_failures import explained
from gateprint.workflow.deployed import Clients

_Things = Sequence[Mapping[str, Any]]


class ApiReader(Protocol):
    """What answers about one REST API, in API Gateway's words."""

    def api(self) -> Mapping[str, Any]:
        """Return the API."""
        ...

    def resources(self) -> _Things:
        """Return its path resources, with their methods and integrations."""
        ...

    def stages(self) -> _Things:
        """Return its stages."""
        ...

    def gateway_responses(self) -> _Things:
        """Return its gateway responses, those of API Gateway's own too."""
        ...

    def authorizers(self) -> _Things:
        """Return its authorizers."""
        ...


def read_api(reader: ApiReader) -> AccountApi:
    """Return all of an API that its definition consists of."""
    return AccountApi(
        api=reader.api(),
        resources=reader.resources(),
        stages=reader.stages(),
        gateway_responses=[
            each for each in reader.gateway_responses() if not each.get("defaultResponse")
        ],
        authorizers=reader.authorizers(),
    )


class AwsApiReader:
    """Asks API Gateway. Its pages hold up to 500 things (API Gateway API reference)."""

    def __init__(self, environment: Environment, clients: Clients, api_id: str) -> None:
        self._environment, self._clients, self._id = environment, clients, api_id

    def api(self) -> Mapping[str, Any]:
        """Return the API.

        Raises:
            ToolFailed: there is none of this id, or AWS refuses.
        """
        with explained(self._environment):
            try:
                found: Mapping[str, Any] = self._client.get_rest_api(restApiId=self._id)
            except ClientError as error:
                if error.response["Error"]["Code"] != "NotFoundException":
                    raise
                where = f"account {self._environment.account}, {self._environment.region}"
                problem = f"there is no REST API {self._id} in {where}"
                remedy = "take its id from the console, or from aws apigateway get-rest-apis"
                raise ToolFailed(problem, remedy) from None
        return found

    def resources(self) -> _Things:
        """Return its path resources, with their methods and integrations."""
        return self._pages("get_resources", embed=["methods"])

    def stages(self) -> _Things:
        """Return its stages."""
        with explained(self._environment):
            found: _Things = self._client.get_stages(restApiId=self._id)["item"]
        return found

    def gateway_responses(self) -> _Things:
        """Return its gateway responses, those of API Gateway's own too."""
        with explained(self._environment):
            answer = self._client.get_gateway_responses(restApiId=self._id, limit=500)
        found: _Things = answer.get("items", [])
        return found

    def authorizers(self) -> _Things:
        """Return its authorizers."""
        return self._pages("get_authorizers")

    @property
    def _client(self) -> Any:
        return self._clients("apigateway")

    def _pages(self, operation: str, **options: Any) -> _Things:
        with explained(self._environment):
            pages = self._client.get_paginator(operation).paginate(restApiId=self._id, **options)
            return [each for page in pages for each in page.get("items", [])]
