"""What a plan changes in a few words of the blueprint, such as `throttle 100 → 200`; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gateprint.access.changes.wording import duration, grouped, joined, unique
from gateprint.model.document import KeyPath
from gateprint.review.attributes import NOTHING, AttributeChange, attribute_changes
from gateprint.review.origin import Origins
from gateprint.review.planned import text
from gateprint.terraform.plans.plan import ResourceChange, TerraformPlan

_MOST = 4
_MOST_NAMES = 3
_COMING = {"create": "added", "delete": "removed", "replace": "made anew", "forget": "forgotten"}
_DONE = {"create": "created", "update": "updated", "delete": "deleted", "replace": "replaced"}
# The resource that stands for a thing; the others come and go with it.
_MAIN = {
    "aws_api_gateway_api_key": "API key",
    "aws_api_gateway_method": "route",
    "aws_api_gateway_rest_api": "API",
    "aws_api_gateway_stage": "stage",
    "aws_iam_role": "role",
    "aws_iam_saml_provider": "SAML provider",
    "aws_lambda_function": "function",
}
_SETTINGS = {
    "throttling_rate_limit": "throttle",
    "throttling_burst_limit": "burst",
    "logging_level": "log level",
    "cache_ttl_in_seconds": "cache ttl",
    "caching_enabled": "cache",
}
_ATTRIBUTES: Mapping[str, Mapping[str, str]] = {
    "aws_api_gateway_stage": {
        "xray_tracing_enabled": "tracing",
        "cache_cluster_size": "cache size",
        "description": "description",
    },
    "aws_cloudwatch_log_group": {"retention_in_days": "log retention"},
    "aws_lambda_function": {
        "memory_size": "memory",
        "timeout": "timeout",
        "runtime": "runtime",
        "handler": "handler",
    },
}
# The rest of a thing, in words, by type and the beginning of the attribute; no words: not told.
_PARTS: tuple[tuple[str, str, str], ...] = (
    ("aws_api_gateway_deployment", "", ""),
    ("aws_api_gateway_stage", "deployment_id", ""),
    ("aws_api_gateway_stage", "variables", "variables"),
    ("aws_api_gateway_stage", "access_log", "access log"),
    ("aws_lambda_function", "tracing_config", "tracing"),
    ("aws_api_gateway_method", "authorization", "auth"),
    ("aws_api_gateway_method", "api_key_required", "API key"),
    ("aws_api_gateway_usage_plan_key", "", "keys"),
    ("aws_api_gateway_rest_api_policy", "", "resource policy"),
    ("aws_iam_role", "assume_role_policy", "trust"),
    ("aws_iam_role_policy", "", "policy"),
    ("aws_iam_policy", "", "policy"),
    ("aws_lambda_function", "source_code_hash", "code"),
    ("aws_lambda_function", "environment", "environment"),
    ("aws_iam_saml_provider", "saml_metadata_document", "metadata"),
    ("aws_api_gateway_integration", "", "backend"),
)
_AUTH = {"AWS_IAM": "iam", "NONE": "none", "CUSTOM": "jwt", "COGNITO_USER_POOLS": "cognito"}
_NOUNS = {
    "apis": "API",
    "stages": "stage",
    "roles": "role",
    "functions": "function",
    "authorizers": "authorizer",
    "plans": "plan",
    "user_pools": "user pool",
}


@dataclass(frozen=True, slots=True)
class _Part:
    """What happens to a thing: `route`, `GET /x`, `added`; without a noun it speaks for itself."""

    noun: str
    name: str
    words: str


def summary(changes: Iterable[ResourceChange], plan: TerraformPlan, origins: Origins) -> str:
    """Return what the changes of a plan are in a few words, the weightiest first."""
    found = tuple(changes)
    parts = unique(_Summary(plan, origins, found).parts())
    told = [_sentence(noun, words, of) for (noun, words), of in _alike(parts)]
    if not told:
        return _counted(found)
    more = f" and {len(told) - _MOST} more" if len(told) > _MOST else ""
    return ", ".join(told[:_MOST]) + more


def _alike(parts: Iterable[_Part]) -> Iterable[tuple[tuple[str, str], list[_Part]]]:
    return grouped(parts, lambda each: (each.noun, each.words)).items()


def _sentence(noun: str, words: str, parts: list[_Part]) -> str:
    names = unique(each.name for each in parts if each.name)
    if not noun:
        return f"{words} on {joined(names)}" if names else words
    link = "" if words in _COMING.values() else ":"
    if not names or len(names) > _MOST_NAMES:
        return f"{len(names) or 'all'} {noun}s{link} {words}"
    return f"{noun}{'s' if len(names) > 1 else ''} {joined(names)}{link} {words}"


def _counted(changes: tuple[ResourceChange, ...]) -> str:
    count = Counter(_DONE.get(each.action, each.action) for each in changes)
    told = [f"{number} {words}" for words, number in count.most_common()]
    if not told:
        return "only outputs change"
    one = sum(count.values()) == 1
    return ", ".join([told[0].replace(" ", f" resource{'' if one else 's'} ", 1), *told[1:]])


@dataclass(frozen=True, slots=True)
class _Summary:
    plan: TerraformPlan
    origins: Origins
    changes: tuple[ResourceChange, ...]

    def parts(self) -> Iterator[_Part]:
        coming = {self._key(each): each for each in self.changes if self._is_coming(each)}
        apis = {path for path in coming if path[0] == "apis" and len(path) == 2}  # noqa: PLR2004
        for path in sorted(coming, key=_weight):
            if path in apis or path[:2] not in apis:
                yield self._coming(coming[path], path)
        has_routes = any(each[0] == "apis" for each in coming)
        for change in self.changes:
            thing = self._key(change)
            if (
                thing == _FUNCTIONS
                or thing[:2] in apis
                or any(thing[: len(each)] == each for each in coming)
            ):
                continue
            if thing[-1:] != ("cors",):
                yield from self._changing(change, thing)
            elif not has_routes:
                yield _Part("CORS of", str(thing[1]), "changed")

    def _is_coming(self, change: ResourceChange) -> bool:
        is_preflight = "OPTIONS" in {text(change.before, _VERB), text(change.after, _VERB)}
        is_ours = is_preflight or self.origins.thing(change) == _FUNCTIONS
        return change.action in _COMING and change.type in _MAIN and not is_ours

    def _key(self, change: ResourceChange) -> KeyPath:
        """Return the path of the thing, also of one that is gone, from what it was."""
        path = self.origins.thing(change)
        if change.type == "aws_api_gateway_method" and len(path) <= 2:  # noqa: PLR2004
            return ("apis", self.origins.api_of(change), "routes", self._route(change))
        if change.type == "aws_api_gateway_stage" and (path[:1] != ("stages",) or len(path) == 1):
            return "stages", text(change.before or change.after, "stage_name")
        if change.type in _MAIN and len(path) <= 1:
            name = text(change.before or change.after, "name")
            name = name or text(change.before or change.after, "function_name")
            return (*path, name.removeprefix(self._front(change)) or change.name)
        return path or (change.type, change.name)

    def _front(self, change: ResourceChange) -> str:
        """Return what stands before an API's own name in AWS: the stack's."""
        tags = change.before.get("tags_all") if isinstance(change.before, Mapping) else None
        if change.type != "aws_api_gateway_rest_api" or not isinstance(tags, Mapping):
            return ""
        return f"{tags.get('gateprint:blueprint')}-{tags.get('gateprint:environment')}-"

    def _route(self, change: ResourceChange) -> str:
        paths = {
            text(each.before, "id"): text(each.before, "path")
            for each in self.plan.changes
            if each.type == "aws_api_gateway_resource"
        }
        values = change.before or change.after
        return f"{text(values, _VERB)} {paths.get(text(values, 'resource_id'), '/')}"

    def _coming(self, change: ResourceChange, path: KeyPath) -> _Part:
        return _Part(_MAIN[change.type], str(path[-1]), _COMING[change.action])

    def _changing(self, change: ResourceChange, thing: KeyPath) -> Iterator[_Part]:
        attributes = attribute_changes(change)
        if permissions := _permissions(change, attributes):
            yield _Part(_noun(thing), _name(thing), permissions)
            return
        for each in attributes:
            yield from self._told(change, thing, each)
        words = next((w for kind, a, w in _PARTS if (kind, a) == (change.type, "")), None)
        if not attributes and words:
            yield _Part(_noun(thing), _name(thing), words)

    def _told(
        self, change: ResourceChange, thing: KeyPath, attribute: AttributeChange
    ) -> Iterator[_Part]:
        name = attribute.path.rpartition(".")[2]
        arrow = f"{attribute.before} → {attribute.after}"
        if attribute.path.startswith("tags_all."):
            yield _Part("", "", f"tag {attribute.path.removeprefix('tags_all.')} {arrow}")
        elif change.type == "aws_api_gateway_method_settings" and name in _SETTINGS:
            yield _Part("", self._stage(change, thing), f"{_SETTINGS[name]} {arrow}")
        elif name in _ATTRIBUTES.get(change.type, {}):
            words = f"{_ATTRIBUTES[change.type][name]} {arrow}"
            yield _Part(_noun(thing), _name(thing), words)
        elif change.type == "aws_iam_role" and name == "max_session_duration":
            yield _Part("role", _name(thing), f"session {_durations(attribute)}")
        else:
            yield from _rest(change, thing, attribute)

    def _stage(self, change: ResourceChange, thing: KeyPath) -> str:
        """Return the stage's name, or none where all stages change in the same way."""
        alike = [each for each in self.plan.changes if each.type == change.type]
        same = {attribute_changes(each) for each in alike}
        return "" if len(same) == 1 else _name(thing)


_VERB = "http_method"
# What all functions of a stack share: the role that they run as.
_FUNCTIONS = ("functions",)


def _rest(change: ResourceChange, thing: KeyPath, attribute: AttributeChange) -> Iterator[_Part]:
    for kind, beginning, words in _PARTS:
        if kind == change.type and attribute.path.startswith(beginning):
            both = [_AUTH.get(each, each) for each in (attribute.before, attribute.after)]
            arrow = f" {' → '.join(both)}" if words == "auth" else ""
            if words:
                yield _Part(_noun(thing), _name(thing), f"{words}{arrow}")
            return
    if change.type.startswith("aws_api_gateway_") and "routes" in thing:
        yield _Part("route", _name(thing), "answers")


def _permissions(change: ResourceChange, attributes: Sequence[AttributeChange]) -> str:
    """Return how many ARNs a policy gains and loses, if nothing else of it changes."""
    if change.type not in {"aws_iam_policy", "aws_iam_role_policy"}:
        return ""
    if not all(each.path.endswith(".Resource") for each in attributes):
        return ""
    more = sum(each.before == NOTHING for each in attributes)
    less = sum(each.after == NOTHING for each in attributes)
    if not attributes or more + less < len(attributes):
        return ""
    return " ".join(("ARNs", *([f"+{more}"] if more else []), *([f"−{less}"] if less else [])))


def _durations(attribute: AttributeChange) -> str:
    both = (attribute.before, attribute.after)
    told = [duration(int(each)) if each.isdecimal() else each for each in both]
    return " → ".join(told)


def _weight(path: KeyPath) -> tuple[int, str]:
    order = ("apis", "authorizers", "stages", "roles", "identity_providers", "functions")
    rank = order.index(str(path[0])) if path[0] in order else len(order)
    return rank * 10 + len(path), str(path)


def _noun(thing: KeyPath) -> str:
    if "routes" in thing:
        return "route"
    first = str(thing[0]) if thing else ""
    return "SAML provider" if first == "identity_providers" else _NOUNS.get(first, first)


def _name(thing: KeyPath) -> str:
    """Return the name of what a path is about: `apis.pets.routes.GET /x` is about the route."""
    if "routes" in thing:
        return str(thing[3])
    return str(thing[1]) if len(thing) > 1 else ""
