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

    def models(self) -> _Things:
        """Return its models."""
        ...

    def validators(self) -> _Things:
        """Return its request validators."""
        ...

    def usage_plans(self) -> _Things:
        """Return the usage plans that open it, with `keys`: id, name, whether it is switched on."""
        ...

    def base_paths(self) -> _Things:
        """Return the base path mappings that lead to it, with `domainName`."""
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
        models=reader.models(),
        validators=reader.validators(),
        usage_plans=reader.usage_plans(),
        base_paths=reader.base_paths(),
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
        return self._pages("get_resources", restApiId=self._id, embed=["methods"])

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
        return self._pages("get_authorizers", restApiId=self._id)

    def models(self) -> _Things:
        """Return its models."""
        return self._pages("get_models", restApiId=self._id)

    def validators(self) -> _Things:
        """Return its request validators."""
        return self._pages("get_request_validators", restApiId=self._id)

    def usage_plans(self) -> _Things:
        """Return the usage plans that open it, with `keys`."""
        plans = self._pages("get_usage_plans")
        return [
            {**each, "keys": self._keys(str(each["id"]))}
            for each in plans
            if any(one.get("apiId") == self._id for one in each.get("apiStages", []))
        ]

    def _keys(self, plan: str) -> _Things:
        """Return the keys of a plan. What AWS says of their values is dropped here."""
        found = []
        for each in self._pages("get_usage_plan_keys", usagePlanId=plan):
            with explained(self._environment):
                key = self._client.get_api_key(apiKey=each["id"], includeValue=False)
            found.append({name: key[name] for name in ("id", "name", "enabled") if name in key})
        return found

    def base_paths(self) -> _Things:
        """Return the base path mappings that lead to it, with `domainName`."""
        names = [str(each["domainName"]) for each in self._pages("get_domain_names")]
        return [
            {**each, "domainName": name}
            for name in names
            for each in self._pages("get_base_path_mappings", domainName=name)
            if each.get("restApiId") == self._id
        ]

    @property
    def _client(self) -> Any:
        return self._clients("apigateway")

    def _pages(self, operation: str, **options: Any) -> _Things:
        with explained(self._environment):
            pages = self._client.get_paginator(operation).paginate(**options)
            return [each for page in pages for each in page.get("items", [])]
