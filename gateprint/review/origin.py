"""From a planned change to the line of the blueprint, or of the environment's file; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gateprint.errors import Location
from gateprint.model.document import Document, KeyPath
from gateprint.review.attributes import attribute_changes
from gateprint.terraform.plans.plan import ResourceChange

_API = "aws_api_gateway_rest_api."
# Where files have what is no longer in them, by the beginning of the type.
_SECTIONS: tuple[tuple[str, KeyPath], ...] = (
    ("aws_api_gateway_", ("apis",)),
    ("aws_iam_saml_provider", ("identity_providers",)),
    ("aws_iam_", ("roles",)),
    ("aws_lambda_", ("functions",)),
    ("aws_cloudwatch_log_group", ("functions",)),
    ("aws_wafv2_", ("stages",)),
    ("aws_vpc_endpoint_", ("vpc_endpoints",)),
)
_OF_STAGES = frozenset({"aws_api_gateway_stage", "aws_api_gateway_method_settings"})
_ACCESS_LOG = "--access"
# Fields of the formats by the attributes that they become.
_FIELDS: Mapping[str, tuple[tuple[str, KeyPath], ...]] = {
    "aws_api_gateway_integration": (("type|uri|http_method|request_", ()),),
    "aws_api_gateway_method": (("authorization", ("auth",)), ("request_", ("request",))),
    "aws_api_gateway_method_settings": (
        (r"settings\[0\]\.throttling_", ("throttle",)),
        (r"settings\[0\]\.logging_level", ("log_level",)),
        (r"settings\[0\]\..*cach", ("cache",)),
    ),
    "aws_api_gateway_rest_api": (
        ("description", ("description",)),
        ("binary_media_types", ("binary_types",)),
        (r"endpoint_configuration\[0\]\.vpc_endpoint_ids", ("vpc_endpoints",)),
        ("endpoint_configuration", ("endpoint",)),
    ),
    "aws_api_gateway_stage": (
        ("xray_tracing_enabled", ("tracing",)),
        ("variables", ("variables",)),
        ("access_log_settings", ("access_log",)),
        ("cache_cluster", ("cache",)),
        ("description", ("description",)),
    ),
    "aws_iam_role": (
        ("max_session_duration", ("max_session",)),
        (r"assume_role_policy.*Condition", ("when",)),
        ("assume_role_policy", ()),
        ("description", ("description",)),
    ),
    "aws_iam_saml_provider": (("saml_metadata_document", ("metadata",)),),
    "aws_lambda_function": (
        ("source_code_hash|filename", ("source",)),
        ("memory_size", ("memory_mib",)),
        ("tracing_config", ("tracing",)),
        *((name, (name,)) for name in ("timeout", "runtime", "handler", "description")),
        ("environment", ("environment",)),
    ),
}
_TAG = re.compile(r"tags(?:_all)?\.(.+)")
# A new deployment only follows from what it publishes.
_FOLLOWING = ("deployment_id",)


def is_following(change: ResourceChange) -> bool:
    """Tell whether a resource only changes since its API is published anew."""
    if change.type == "aws_api_gateway_deployment":
        return True
    attributes = [each.path for each in attribute_changes(change)]
    return bool(attributes) and all(each in _FOLLOWING for each in attributes)


@dataclass(frozen=True, slots=True)
class Origins:
    """Where the resources of a stack come from.

    `paths` are those in `document`, by address. `environment` is the environment's file, from
    which all stacks have their tags.
    """

    paths: Mapping[str, KeyPath] = field(default_factory=dict)
    document: Document | None = None
    environment: Document | None = None

    def thing(self, change: ResourceChange) -> KeyPath:
        """Return the path of what a resource is a part of; its section where that is gone."""
        known = self.paths.get(change.address)
        if known is not None:
            return known
        if change.type in _OF_STAGES or change.name.endswith(_ACCESS_LOG):
            return ("stages",)
        api = self.api_of(change)
        if api:
            return "apis", api
        return next((path for kind, path in _SECTIONS if change.type.startswith(kind)), ())

    def api_of(self, change: ResourceChange) -> str:
        """Return the API that a resource belongs to, from its address; empty where it is none."""
        if not change.type.startswith("aws_api_gateway_"):
            return ""
        names = {key.removeprefix(_API): path[1] for key, path in self._apis()}
        found = [name for name in names if f"{change.name}_".startswith(f"{name}_")]
        return str(names[max(found, key=len)]) if found else ""

    def _apis(self) -> Iterator[tuple[str, KeyPath]]:
        return ((key, path) for key, path in self.paths.items() if key.startswith(_API))

    def path(self, change: ResourceChange) -> KeyPath:
        """Return the path of the field that a change comes from, in the stack's own file."""
        thing = self.thing(change)
        if change.action != "update":
            return thing
        attributes = [each.path for each in attribute_changes(change)]
        if is_following(change):
            return "apis", self.api_of(change)
        for pattern, inner in _FIELDS.get(change.type, ()):
            if any(re.match(pattern, each) for each in attributes):
                return (*thing, *inner)
        return thing

    def locate(self, change: ResourceChange) -> Location | None:
        """Return the line that a change comes from; None where no file is known."""
        tag = self._tag(change)
        if tag and self.environment is not None and tag in self.environment.mapping("tags"):
            return self.environment.locate(("tags", tag))
        if self.document is None:
            return None
        path: KeyPath = ("owner",) if tag == "gateprint:owner" else self.path(change)
        # A retired blueprint has lost the rest.
        retired = self.document.mapping("retired")
        return self.document.locate(("retired",) if retired else path, key=True)

    def _tag(self, change: ResourceChange) -> str:
        """Return the tag that alone makes a resource change, such as `cost-center`."""
        if change.action != "update":
            return ""
        found = [_TAG.fullmatch(each.path) for each in attribute_changes(change)]
        return found[0][1] if found and all(found) and found[0] else ""
