"""One request on its way through the data plane, with what is known about it; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from urllib.parse import parse_qsl, unquote

from gateprint.local.gateway.pretended import NAMES
from gateprint.local.gateway.snapshot import Method, Snapshot
from gateprint.local.gateway.stage import Stage
from gateprint.local.web import Caller, Grant, Headers, HttpRequest

JSON = "application/json"


@dataclass
class Outcome:
    """What the access log wants to know; filled while the request is handled.

    `grant` is what an authorizer answered about the request's token, `claims` what a token of a
    user pool says.
    """

    caller: Caller | None = None
    method: Method | None = None
    decision: str = ""
    statement: str = ""
    error: str = ""
    error_type: str = ""
    authenticate_error: str = ""
    authorize_error: str = ""
    reason: str = ""
    api_key_id: str = ""
    api_key: str = field(default="", repr=False)
    grant: Grant | None = None
    claims: Mapping[str, str] | None = None


@dataclass
class Exchange:
    """A request to a stage. `path` is what follows the stage, still encoded, as `/pets/7`."""

    request: HttpRequest
    snapshot: Snapshot
    stage: Stage
    path: str
    request_id: str
    started: datetime
    method: Method | None = None
    path_parameters: Mapping[str, str] = field(default_factory=dict)
    outcome: Outcome = field(default_factory=Outcome)
    domain: str = ""

    @cached_property
    def headers(self) -> Headers:
        """The request's headers without what signs it, and what a rehearsal pretends.

        Backends see neither.
        """
        return tuple(
            (name, value)
            for name, value in self.request.headers
            if not (name.lower() == "authorization" and value.startswith("AWS4-"))
            and name.lower() not in NAMES
        )

    @cached_property
    def header_values(self) -> Mapping[str, list[str]]:
        """The same by name in lower case."""
        return _grouped((name.lower(), value) for name, value in self.headers)

    @cached_property
    def query(self) -> Mapping[str, list[str]]:
        """The query's parameters, decoded."""
        return _grouped(parse_qsl(self.request.query, keep_blank_values=True))

    @property
    def decoded_parameters(self) -> dict[str, str]:
        """The path's parameters, decoded, as mappings have them.

        API Gateway developer guide, "Amazon API Gateway important notes": REST APIs decode
        parameters before they pass them to a backend.
        """
        return {name: unquote(value) for name, value in self.path_parameters.items()}

    def replace_request(self, request: HttpRequest) -> None:
        """Go on with another body."""
        if request is not self.request:
            self.request = request
            for name in ("headers", "header_values"):
                self.__dict__.pop(name, None)

    def header(self, name: str) -> str:
        """Return the last header of a name; empty where there is none."""
        return self.header_values.get(name.lower(), [""])[-1]

    @property
    def media_type(self) -> str:
        """The request's type of content; JSON where it says none."""
        return self.header("content-type").partition(";")[0].strip().lower() or JSON

    @property
    def target(self) -> Method:
        """The method that answers; only after routing."""
        if self.method is None:
            raise AssertionError("the request has not been routed")
        return self.method

    @property
    def method_arn(self) -> str:
        """The ARN that IAM is asked about, with the concrete path."""
        return self.arn_of(self.path)

    def arn_of(self, path: str) -> str:
        """Return the ARN of this request, had it been made to another path."""
        snapshot, stage = self.snapshot, self.stage.name
        place = f"{snapshot.region}:{snapshot.account}:{snapshot.api_id}"
        return f"arn:{snapshot.partition}:execute-api:{place}/{stage}/{self.request.method}{path}"


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return grouped
