"""For each rule a review in which it finds something, and some in which it has to be silent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.review.rules.made import (
    HARMLESS,
    PETS,
    Planned,
    Review,
    deleted,
    offline,
    policy,
    replaced,
    signed_with,
    updated,
)
from tests.terraform.plans.documents import change


@dataclass(frozen=True)
class Case:
    """What is found, and what is not, by what makes the difference."""

    found: Review
    silent: Mapping[str, Review]


PETS_ROUTE = "GET /pets: {mock"
OPEN = {PETS_ROUTE: "GET /pets: {auth: none, public: it is a catalogue, mock"}
ID = "      GET /pets/{id}: {mock: {status: 200}}\n"
TERMS = {
    ID: f"{ID}      GET /terms: {{auth: none, public: for all to read, mock: {{status: 200}}}}\n"
}
PLAN = "plans: {partner: {stages: all, keys: [acme]}}\nroles:\n"
KEYED = {
    PETS_ROUTE: "GET /pets: {auth: none, public: it is a catalogue, api_key: true, mock",
    "roles:\n": PLAN,
    "routes: [GET /pets]": "routes: [POST /pets]",
}
SIGNED_AND_KEYED = {PETS_ROUTE: "GET /pets: {api_key: true, mock", "roles:\n": PLAN}
OPEN_AND_GRANTLESS = {**OPEN, "routes: [GET /pets]": "routes: [POST /pets]"}
VPCE, OTHER = "vpce-0123456789abcdef0", "vpce-0fedcba9876543210"
API = "  pets:\n    cors"


def private(*endpoints: str) -> dict[str, str]:
    ways = ", ".join(endpoints)
    return {API: f"  pets:\n    endpoint: private\n    vpc_endpoints: [{ways}]\n    cors"}


def only(*networks: str) -> dict[str, str]:
    return {API: f"  pets:\n    only_from: {{source_ips: [{', '.join(networks)}]}}\n    cors"}


OFFICE = only("203.0.113.0/24")
BOTH = {API: OFFICE[API].replace("]}", "], organization: o-exampleorgid}")}


def tokens(scopes: str) -> dict[str, str]:
    """POST /pets takes tokens with these scopes."""
    issuer = "{issuer: https://acme.auth0.com/, audience: [https://pets.example.com]}"
    return {
        "POST /pets: {mock": f"POST /pets: {{auth: jwt, scopes: [{scopes}], mock",
        "roles:\n": f"authorizers: {{auth0: {issuer}}}\nroles:\n",
    }


POOL = "aws_cognito_user_pool.owners"


def pool(**changes: Any) -> dict[str, Any]:
    """A user pool as the provider has it."""
    usual = {
        "name": "pets-nonprod-owners",
        "admin_create_user_config": [{"allow_admin_create_user_only": True}],
        "password_policy": [{"minimum_length": 12}],
        "mfa_configuration": "OPTIONAL",
        "deletion_protection": "ACTIVE",
    }
    return {**usual, **changes}


ANYBODY = pool(admin_create_user_config=[{"allow_admin_create_user_only": False}])
LOOSE = {**ANYBODY, "password_policy": [{"minimum_length": 8}], "mfa_configuration": "OFF"}


def users(scopes: str) -> dict[str, str]:
    """POST /pets takes tokens of a user pool with one of these scopes."""
    arn = "arn:aws:cognito-idp:us-east-2:123456789012:userpool/us-east-2_a1"
    return {
        "POST /pets: {mock": f"POST /pets: {{auth: cognito, scopes: [{scopes}], mock",
        "roles:\n": f"authorizers: {{owners: {{user_pools: ['{arn}']}}}}\nroles:\n",
    }


def key_dropped(authorization: str) -> Planned:
    return change(
        "aws_api_gateway_method.x",
        ("update",),
        before={"api_key_required": True, "authorization": authorization},
        after={"api_key_required": False, "authorization": authorization},
    )


FREE = "auth: none, public: it is a catalogue"


def identified(claim: str | None) -> dict[str, str]:
    """POST /pets is a function's, and asks for an identity token with this claim, or for none."""
    issuer = "{issuer: https://acme.auth0.com/, audience: [pets-page]}"
    function = "{source: pets, handler: app.update_pets}"
    asked = f", identity_token: {{claim: {claim}}}" if claim else ""
    sections = f"authorizers: {{auth0: {issuer}}}\nfunctions: {{update_pets: {function}}}\n"
    return {
        "POST /pets: {mock: {status: 200}": f"POST /pets: {{function: update_pets{asked}",
        "roles:\n": f"{sections}roles:\n",
    }


def grants(written: str) -> dict[str, str]:
    return {"allow: [{stages: all, routes: [GET /pets]}]": f"allow: [{written}]"}


ACCEPTED = grants(
    '{stages: all, routes: [GET /pets, "GET /pets/{id}"], overreach: "accepted because none hides"}'
)
DENIED = grants('{stages: all, routes: [GET /pets, "GET /pets/{id}"], overreach: deny}')
EXPOSED = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke"}
CLOSED = {**EXPOSED, "Effect": "Deny"}
RESOURCES = "arn:aws:execute-api:us-east-2:123456789012:abc123"
AUDIENCE = "https://signin.aws.amazon.com/saml"
SAML = {
    "Effect": "Allow",
    "Action": "sts:AssumeRoleWithSAML",
    "Principal": {"Federated": "arn:aws:iam::123456789012:saml-provider/auth0"},
}
GATEWAY = {
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Principal": {"Service": "apigateway.amazonaws.com"},
}


def exposed(path: str) -> dict[str, Any]:
    return {**EXPOSED, "Resource": [f"{RESOURCES}/dev/{path}"]}


def resource_policy(before: str, after: str) -> Planned:
    address = "aws_api_gateway_rest_api_policy.pets"
    api = {"rest_api_id": "abc123"}
    return updated(address, {**api, "policy": before}, {**api, "policy": after})


def trust(condition: Any, **more: Any) -> Planned:
    statement = {**SAML, "Condition": condition, **more}
    after = {"name": "reader", "assume_role_policy": policy(statement)}
    return change("aws_iam_role.reader", after=after)


TRUST = {"truststore_uri": "s3://trust/clients.pem", "truststore_version": "1"}
BASE_PATH = "aws_api_gateway_base_path_mapping."
AT_DEV = {"domain_name": "a.example.com", "api_id": "abc123", "stage_name": "dev"}
WEB_ACL = "aws_wafv2_web_acl_association.pets_live"
ACL = "arn:aws:wafv2:us-east-2:123456789012:regional/webacl/shop/1a2b"
LIVE_ARN = "arn:aws:apigateway:us-east-2::/restapis/abc123/stages/live"


def domain(
    before: Any, after: Any, name: str = "a.example.com", was: str = "TLS_1_2", tls: str = "TLS_1_2"
) -> Planned:
    sides = [
        {
            "domain_name": name,
            "security_policy": policy,
            "mutual_tls_authentication": [trusted] if trusted else [],
        }
        for trusted, policy in ((before, was), (after, tls))
    ]
    return updated(f"aws_api_gateway_domain_name.{name.replace('.', '--d')}", *sides)


def endpoint(was: bool, will: bool) -> Planned:
    named = {"name": "pets-nonprod-pets"}
    closed = "disable_execute_api_endpoint"
    return updated("aws_api_gateway_rest_api.pets", {**named, closed: was}, {**named, closed: will})


def base_path(base: str, after: Mapping[str, str]) -> Planned:
    before = {**AT_DEV, "base_path": base}
    return updated(BASE_PATH + base, before, {**before, **after})


DOOR = "aws_vpc_endpoint_policy.vpce-0000000"


def passing(request: str = "", *roles: str) -> Any:
    """A statement of an endpoint's policy; without a request it is for the whole account."""
    arns = [f"arn:aws:iam::123456789012:role/{each}" for each in roles]
    front = "arn:aws:execute-api:us-east-2:123456789012:*"
    statement = {**EXPOSED, "Resource": [f"{front}/{request}" if request else front]}
    condition = {"StringEquals": {"aws:PrincipalArn": arns}}
    return {**statement, "Condition": condition} if roles else statement


def door(number: str, *statements: Any) -> dict[str, Any]:
    return {"vpc_endpoint_id": f"vpce-0000000{number}", "policy": policy(*statements)}


def permission(**after: Any) -> Planned:
    return change("aws_lambda_permission.get_pet_pets", after={"function_name": "get_pet", **after})


def headers(allowed: str, kind: str = "integration_response", prefix: str = "method") -> Planned:
    name = f"{prefix}.response.header.Access-Control-Allow-Headers"
    after = {"response_parameters": {name: f"'{allowed}'"}}
    return change(f"aws_api_gateway_{kind}.pets_options_pets_200", after=after)


def settings(*, is_traced: bool) -> Planned:
    traced = [{"data_trace_enabled": is_traced, "logging_level": "INFO"}]
    after = {"stage_name": "dev", "settings": traced}
    return updated("aws_api_gateway_method_settings.pets_dev", {"stage_name": "dev"}, after)


PETS_API = change(
    "aws_api_gateway_rest_api.pets",
    ("no-op",),
    before={"id": "abc123", "name": "pets-nonprod-pets"},
    after={"id": "abc123", "name": "pets-nonprod-pets"},
)


def paced(path: str, name: str, *sides: tuple[float, int] | None) -> Planned:
    """Settings of `path` with rate and burst before and after; None where there are none."""
    before, after = (
        {
            "stage_name": "dev",
            "method_path": path,
            "settings": [{"throttling_rate_limit": one[0], "throttling_burst_limit": one[1]}],
        }
        if one
        else None
        for one in sides
    )
    gone = ("delete",) if after is None else ("update",)
    actions = ("create",) if before is None else gone
    address = f"aws_api_gateway_method_settings.pets_dev{name}"
    return change(address, actions, before=before, after=after)


WHOLE, ROOT, BY_PET = ("*/*", ""), ("~1/GET", "_get"), ("pets/{id}/GET", "_get_pets__id")
OWN_PACE = {
    PETS_ROUTE: "GET /pets: {throttle: {rate: 5, burst: 2}, mock",
    "dev: {environment: nonprod, throttle: {rate: 10, burst: 5}": (
        "dev: {environment: nonprod, throttle: {rate: 20, burst: 5}"
    ),
}


FAST = "GET /pets: {throttle: {rate: 50, burst: 20}, mock"


def planned_keys(limits: str) -> dict[str, str]:
    """A plan of keys with these limits, for a route that needs one."""
    return {**KEYED, "roles:\n": PLAN.replace("stages: all", f"stages: all, {limits}")}


def method(api: str = "abc123") -> Planned:
    before = {"rest_api_id": api, "authorization": "NONE"}
    return updated(
        "aws_api_gateway_method.pets_get_pets", before, {**before, "authorization": "AWS_IAM"}
    )


def deployment(*actions: str) -> Planned:
    same = {"rest_api_id": "abc123"}
    return change("aws_api_gateway_deployment.pets_dev", actions, before=same, after=same)


CHECKING = {
    "request_validator_id": "v1",
    "request_models": {"$default": "Pet"},
    "request_parameters": {"method.request.header.If-Match": True},
}


def checking(**after: Any) -> Planned:
    """A method that checks, and less afterwards."""
    return updated("aws_api_gateway_method.pets_post_pets", CHECKING, {**CHECKING, **after})


def validator(**after: bool) -> Planned:
    both = {"validate_request_body": True, "validate_request_parameters": True}
    name = "aws_api_gateway_request_validator.pets_body-and-parameters"
    return updated(name, both, {**both, **after})


def model(before: Any, after: Any) -> Planned:
    same = {"name": "Pet"}
    schemas = [{**same, "schema": json.dumps(each)} for each in (before, after)]
    return updated("aws_api_gateway_model.pets_Pet", *schemas)


def asking(written: str) -> dict[str, str]:
    """POST /pets checks requests."""
    return {"POST /pets: {mock": f"POST /pets: {{request: {{{written}}}, mock"}


PET = {"properties": {"name": {}, "kind": {}}, "required": ["kind"], "additionalProperties": False}
PRICED = {"properties": {"name": {"type": "string"}, "price": {}}, "required": ["price"]}


def unknown(address: str, name: str) -> Planned:
    return change(address, after={}, unknown={name: True})


REST_API = "aws_api_gateway_rest_api.pets"
REST_POLICY = "aws_api_gateway_rest_api_policy.pets"
STAGE = "aws_api_gateway_stage.pets_dev"
ROLE = "aws_iam_role.reader"
PROVIDER = "aws_iam_saml_provider.auth0"
RETIRED = {"name: pets\n": "name: pets\nretired: {reason: nobody calls it, by: team-pets}\n"}
BODY = "Content-Type,X-Amz-Date,Authorization,X-Amz-Security-Token,X-Amz-Content-Sha256"
UNREAD = "{ not json"
WHEN = "    when: {edupersonaffiliation: [staff]}\n"
TRACED = settings(is_traced=True)
OF_API = {"principal": "apigateway.amazonaws.com", "source_arn": f"{RESOURCES}/*/*/*"}
ROUTES = "".join(f"      GET /r{number}: {{mock: {{status: 200}}}}\n" for number in range(250))
NARROWED = {"edupersonaffiliation: [staff]": "edupersonaffiliation: [chief]"}
LIVE = "  live: {environment: nonprod, throttle: {rate: 10, burst: 5}, access_log: {}}"
CACHED = {LIVE: LIVE.replace("access_log", "cache: {size_gb: 0.5, ttl: 1m}, access_log")}
ALL_PUBLIC = {
    f"{key}: {{mock": f"{key}: {{auth: none, public: it is open, mock"
    for key in ("GET /pets", "GET /pets/{id}", "GET /pets/{id}/owner")
}
ONLY_POSTED = {**ALL_PUBLIC, "routes: [GET /pets]": "routes: [POST /pets]"}

ALL_OPEN = {
    **ALL_PUBLIC,
    "POST /pets: {mock": "POST /pets: {auth: none, public: it is open, mock",
    PETS[PETS.index("roles:") :]: "",
}

PINNED = {LIVE: LIVE.replace("access_log: {}", "access_log: {}, release: v1")}
CANARY = {LIVE: LIVE.replace("log: {}", "log: {}, release: v2, canary: {percent: 5, release: v1}")}
KEPT = {LIVE: LIVE.replace("log: {}", "log: {}, release: v2, kept_releases: [v1]")}
API_THERE = change(
    "aws_api_gateway_rest_api.pets", ("no-op",), before={"id": "a1", "name": "pets-nonprod-pets"}
)


def release(routes: str, *actions: str, functions: str = "", name: str = "v1") -> Planned:
    """Plan the deployment of a release that remembers routes, as `{"GET /pets":"NONE"}`."""
    triggers = {"release": name, "routes": routes, "functions": functions}
    values = {"rest_api_id": "a1", "triggers": triggers}
    address = f"aws_api_gateway_deployment.pets_{name}--release"
    before = None if actions == ("create",) else values
    return change(address, actions or ("no-op",), before=before, after=values)


def alias(*actions: str, name: str = "v1") -> Planned:
    before = {"name": name, "function_name": "pets-nonprod-list_pets"}
    return change(f"aws_lambda_alias.list_pets_{name}--release", actions, before=before)


def planned(*changes: Planned) -> tuple[Planned, ...]:
    return (API_THERE, HARMLESS, *changes)


OPEN_IN_V1 = planned(release('{"GET /gone":"NONE","GET /pets":"NONE"}'))
OWNER = "      GET /pets/{id}/owner: {mock: {status: 200}}\n"
BY_ID = grants('{stages: all, routes: ["GET /pets/{id}"]}')
WITHOUT_OWNER = {**PINNED, **BY_ID, OWNER: ""}
OWNER_IN_V1 = planned(release('{"GET /pets/{id}/owner":"AWS_IAM"}'))

CASES: Mapping[str, Case] = {
    "release-open": Case(
        Review(PINNED, planned=OPEN_IN_V1),
        {
            "no stage serves it": Review(KEPT, planned=OPEN_IN_V1),
            "it is made now": Review(
                PINNED, planned=planned(release('{"GET /pets":"NONE"}', "create"))
            ),
            "the blueprint has it open too": Review(
                {**PINNED, **OPEN_AND_GRANTLESS},
                before=OPEN_AND_GRANTLESS,
                planned=planned(release('{"GET /pets":"NONE"}')),
            ),
            "it asks for a signature": Review(
                PINNED, planned=planned(release('{"GET /gone":"AWS_IAM"}'))
            ),
        },
    ),
    "release-reached": Case(
        Review(WITHOUT_OWNER, planned=OWNER_IN_V1),
        {
            "the blueprint has it, and decides": Review(PINNED, planned=OWNER_IN_V1),
            "another grant": Review({**PINNED, OWNER: ""}, planned=OWNER_IN_V1),
            "another stage": Review(
                {**PINNED, OWNER: "", **grants('{stages: [dev], routes: ["GET /pets/{id}"]}')},
                planned=OWNER_IN_V1,
            ),
        },
    ),
    "release-broken": Case(
        Review(
            CANARY,
            planned=planned(
                release("{}", functions="get_pet list_pets"),
                alias("delete"),
                release("{}", functions="list_pets", name="v2"),
                alias("delete", "create", name="v2"),
            ),
        ),
        {
            "the release goes too": Review(
                planned=planned(release("{}", "delete", functions="list_pets"), alias("delete"))
            ),
            "it calls others": Review(
                PINNED, planned=planned(release("{}", functions="get_pet"), alias("delete"))
            ),
            "it is changed in place": Review(
                PINNED, planned=planned(release("{}", functions="list_pets"), alias("update"))
            ),
        },
    ),
    "release-made-anew": Case(
        Review(
            KEPT,
            planned=planned(release("{}", "create"), release("{}", "delete", "create", name="v2")),
        ),
        {
            "a new name": Review(PINNED, planned=planned(release("{}", "create"))),
            "the API is new as well": Review(
                KEPT,
                planned=(
                    change(REST_API, ("create",), after={"name": "pets-nonprod-pets"}),
                    release("{}", "create"),
                ),
            ),
            "it is there": Review(KEPT, planned=planned(release("{}"))),
        },
    ),
    "public-route-added": Case(
        Review(TERMS),
        {
            "was public before": Review(TERMS, before=TERMS),
            "is gone": Review(before=TERMS),
            "needed a signature, which has a rule of its own": Review(OPEN_AND_GRANTLESS),
        },
    ),
    "auth-weakened": Case(
        Review(OPEN_AND_GRANTLESS),
        {
            "the route is new": Review(TERMS),
            "it needs a signature now": Review(before=OPEN_AND_GRANTLESS),
            "a preflight is new": Review(
                planned=(change("aws_api_gateway_method.o", after={"authorization": "NONE"}),)
            ),
        },
    ),
    "user-pool-loosened": Case(
        Review(planned=(updated(POOL, pool(), {**LOOSE, "deletion_protection": "INACTIVE"}),)),
        {
            "it asks for more": Review(planned=(updated(POOL, LOOSE, pool()),)),
            "as open as before": Review(planned=(updated(POOL, ANYBODY, {**ANYBODY, "tags": {}}),)),
            "a new one": Review(planned=(change(POOL, after=pool()),)),
            "it goes": Review(planned=(deleted(POOL, **LOOSE),)),
        },
    ),
    "api-key-dropped": Case(
        Review(OPEN_AND_GRANTLESS, before=KEYED),
        {
            "it asks for a key now": Review(KEYED, before=OPEN_AND_GRANTLESS),
            "its callers sign": Review(before=SIGNED_AND_KEYED),
            "the plan tells it of a method that signs": Review(
                planned=(key_dropped(authorization="AWS_IAM"),)
            ),
        },
    ),
    "identity-token-weakened": Case(
        Review(identified(None), before=identified("email")),
        {
            "it is asked for now": Review(identified("email"), before=identified(None)),
            "it is the same": Review(identified("email"), before=identified("email")),
            "the route is open, which has a rule of its own": Review(
                {**identified(None), "POST /pets: {function": f"POST /pets: {{{FREE}, function"},
                before=identified("email"),
            ),
        },
    ),
    "private-api-opened": Case(
        Review(before=private(VPCE)),
        {
            "it is closed": Review(private(VPCE)),
            "it has another endpoint": Review(private(OTHER), before=private(VPCE)),
        },
    ),
    "resource-policy-loosened": Case(
        Review(private(VPCE, OTHER), before=private(VPCE)),
        {
            "it was on the internet": Review(private(VPCE)),
            "networks where there were none": Review(OFFICE),
            "a smaller network": Review(only("203.0.113.0/25"), before=OFFICE),
            "the same networks, written otherwise": Review(
                only("203.0.113.0/25", "203.0.113.128/25"), before=OFFICE
            ),
            "an endpoint less": Review(private(VPCE), before=private(VPCE, OTHER)),
            "the internet, which has a rule of its own": Review(before=private(VPCE)),
            "one Deny more": Review(
                planned=(
                    resource_policy(
                        policy(exposed("GET/a")),
                        policy(exposed("GET/a"), {**CLOSED, "Resource": "*"}),
                    ),
                )
            ),
            "a preflight more": Review(
                planned=(
                    resource_policy(
                        policy(exposed("GET/a")),
                        policy(exposed("GET/a"), exposed("OPTIONS/a")),
                    ),
                )
            ),
            "the API goes with it": Review(
                planned=(
                    deleted(REST_API, id="abc123", name="pets-nonprod-pets"),
                    deleted(REST_POLICY, rest_api_id="abc123", policy="{}"),
                )
            ),
            "a route that is told as public": Review(
                TERMS,
                planned=(resource_policy(policy(), policy(exposed("GET/terms"))),),
            ),
        },
    ),
    "overreach-accepted": Case(
        Review(ACCEPTED),
        {
            "accepted before": Review(ACCEPTED, before=ACCEPTED),
            "denied": Review(DENIED),
        },
    ),
    "everything-granted": Case(
        Review(grants("{stages: all, routes: all}")),
        {
            "not on the last stage": Review(grants("{stages: [dev], routes: all}")),
            "the stack does not change": Review(grants("{stages: all, routes: all}"), planned=None),
        },
    ),
    "request-check-loosened": Case(
        Review(
            planned=(
                checking(request_validator_id=""),
                checking(request_models={"application/json": "Pet"}, request_parameters={}),
                validator(validate_request_body=False),
            )
        ),
        {
            "checked otherwise": Review(planned=(checking(request_models={"$default": "Cat"}),)),
            "checked for more": Review(planned=(validator(validate_request_parameters=True),)),
            "required by now": offline(
                Review(
                    asking("headers: {If-Match: required}"), before=asking("query: {a: optional}")
                )
            ),
        },
    ),
    "body-changed": Case(
        Review(asking("body: schemas/pet.json"), planned=(model(PET, PRICED),)),
        {
            "written otherwise": Review(
                planned=(model(PET, dict(reversed(PET.items()))),),
            ),
            "new": Review(
                planned=(change("aws_api_gateway_model.pets_Pet", after={"schema": "{}"}),)
            ),
        },
    ),
    "missing-audience": Case(
        Review(planned=(trust({"StringEquals": {"SAML:iss": "urn:acme.auth0.com"}}),)),
        {
            "one of the region's": Review(
                planned=(trust({"StringEquals": {"saml:AUD": [AUDIENCE]}}),)
            ),
            "a service": Review(
                planned=(change(ROLE, after={"assume_role_policy": policy(GATEWAY)}),)
            ),
            "a Deny": Review(planned=(trust({}, Effect="Deny"),)),
            "the role goes": Review(planned=(deleted(ROLE, name="reader"),)),
        },
    ),
    "trust-loosened": Case(
        Review({"[staff]": "[staff, student]"}),
        {
            "stricter": Review({"[staff]}": "[staff], cn: [desk]}"}),
            "the same": Review(),
            "a certificate, which has a rule of its own": Review(
                environment=signed_with(400, 500), environment_before=signed_with(400)
            ),
        },
    ),
    "signing-certificate-added": Case(
        Review(environment=signed_with(400), environment_before=signed_with(500)),
        {
            "the same": Review(environment=signed_with(400)),
            "the role is new": Review(before=None, environment=signed_with(400)),
            "one less": Review(
                environment=signed_with(400), environment_before=signed_with(400, 500)
            ),
        },
    ),
    "new-trust": Case(
        Review(before=None),
        {"known": Review(), "known, on other terms": Review({"[staff]": "[staff, student]"})},
    ),
    "gateway-trust": Case(
        Review({WHEN: f"{WHEN}    assumed_by_gateway: true\n"}),
        {
            "for users alone": Review(),
            "written as false": Review({WHEN: f"{WHEN}    assumed_by_gateway: false\n"}),
        },
    ),
    "long-session": Case(
        Review({WHEN: f"{WHEN}    max_session: 5h\n"}),
        {"four hours": Review({WHEN: f"{WHEN}    max_session: 4h\n"})},
    ),
    "metadata-near-expiry": Case(
        Review(environment=signed_with(30)),
        {
            "a day later": Review(environment=signed_with(31)),
            "another one lasts": Review(environment=signed_with(3, 90)),
            "nothing changes": Review(environment=signed_with(30), planned=None),
        },
    ),
    "wildcard-origin": Case(
        Review({'["https://shop.example.com"]': '["*"]'}),
        {"one origin": Review()},
    ),
    "cors-without-signing-headers": Case(
        Review(
            planned=(
                headers("Content-Type,authorization,X-Amz-Date"),
                headers("*", "gateway_response", "gateway"),
            )
        ),
        {
            "all of them": Review(planned=(headers(BODY.upper()),)),
            "no route is signed": Review(ALL_OPEN, ALL_OPEN, planned=(headers("Content-Type"),)),
            "another header": Review(
                planned=(
                    change(
                        "aws_api_gateway_integration_response.a",
                        after={"response_parameters": {"method.response.header.Vary": "'Origin'"}},
                    ),
                )
            ),
        },
    ),
    "mutual-tls-weakened": Case(
        Review(
            planned=(
                domain(TRUST, None),
                domain(TRUST, {**TRUST, "truststore_uri": "s3://b/k"}, "b.example.com"),
                domain(TRUST, {**TRUST, "truststore_version": "2"}, "c.example.com"),
            )
        ),
        {
            "it comes": Review(planned=(domain(None, TRUST),)),
            "something else changes": Review(planned=(domain(TRUST, TRUST, tls="TLS_1_0"),)),
        },
    ),
    "default-endpoint-opened": Case(
        Review(planned=(endpoint(True, False),)),
        {
            "it is closed": Review(planned=(endpoint(False, True),)),
            "it stays closed": Review(planned=(endpoint(True, True),)),
        },
    ),
    "base-path-remapped": Case(
        Review(
            planned=(
                base_path("a", {"api_id": "other"}),
                base_path("b", {"stage_name": "live"}),
                deleted(BASE_PATH + "c", **AT_DEV, base_path="c"),
            )
        ),
        {"it stays": Review(planned=(base_path("a", {}),))},
    ),
    "old-tls": Case(
        Review(planned=(domain(None, None, was="TLS_1_2", tls="TLS_1_0"),)),
        {
            "it was so": Review(planned=(domain(TRUST, None, was="TLS_1_0", tls="TLS_1_0"),)),
            "it ends": Review(planned=(domain(None, None, was="TLS_1_0"),)),
        },
    ),
    "endpoint-policy-widened": Case(
        Review(
            account=(
                change(f"{DOOR}1", after=door("1", passing("dev/GET/health"))),
                deleted(f"{DOOR}2", **door("2", passing("dev/GET/health"))),
                updated(
                    f"{DOOR}3",
                    door("3", passing("dev/POST/entries", "reader")),
                    door("3", passing("dev/POST/entries", "reader", "writer")),
                ),
                updated(f"{DOOR}4", door("4", passing("dev/GET/a")), door("4", passing())),
            )
        ),
        {
            "less passes": Review(
                account=(
                    updated(
                        f"{DOOR}1",
                        door("1", passing("dev/GET/a"), passing("dev/GET/b")),
                        door("1", passing("dev/GET/b")),
                    ),
                )
            ),
            "the same, in other statements": Review(
                account=(
                    updated(
                        f"{DOOR}1",
                        door("1", passing("dev/GET/a", "reader"), passing("dev/GET/a", "writer")),
                        door("1", passing("dev/GET/a", "reader", "writer")),
                    ),
                )
            ),
        },
    ),
    "web-acl-detached": Case(
        Review(
            planned=(
                deleted(WEB_ACL, resource_arn=LIVE_ARN, web_acl_arn=ACL),
                replaced(f"{WEB_ACL}2", "web_acl_arn", resource_arn=LIVE_ARN, web_acl_arn=ACL),
            )
        ),
        {
            "its stage goes": Review(
                planned=(
                    deleted(WEB_ACL, resource_arn=LIVE_ARN, web_acl_arn=ACL),
                    deleted("aws_api_gateway_stage.pets_live", stage_name="live"),
                )
            ),
        },
    ),
    "cached-caller-route": Case(
        Review(CACHED),
        {"no signed route is read": Review({**CACHED, **ONLY_POSTED}, before=ONLY_POSTED)},
    ),
    "data-trace": Case(
        Review(planned=(TRACED,)),
        {
            "off": Review(planned=(settings(is_traced=False),)),
            "the settings go": Review(
                planned=(deleted("aws_api_gateway_method_settings.pets_dev", stage_name="dev"),)
            ),
        },
    ),
    "no-throttle": Case(
        Review({LIVE: LIVE.replace("throttle: {rate: 10, burst: 5}, ", "")}),
        {"a throttle": Review()},
    ),
    "throttle-loosened": Case(
        Review(
            planned_keys("throttle: {rate: 9, burst: 2}"),
            before=planned_keys("throttle: {rate: 5, burst: 2}, quota: {requests: 100, per: day}"),
            planned=(
                PETS_API,
                paced(*WHOLE, (10, 5), (-1, -1)),
                paced(*ROOT, (10, 5), (10, 6)),
                paced(*BY_PET, (3, 2), None),
            ),
        ),
        {
            "lower": Review(planned=(paced(*WHOLE, (10, 5), (9, 5)),)),
            "there was none": Review(planned=(paced(*WHOLE, (-1, -1), (9, 5)),)),
            "a new stage": Review(planned=(paced(*WHOLE, None, (9, 5)),)),
            "the route's goes, and the stage's is not higher": Review(
                planned=(paced(*WHOLE, (3, 2), (3, 2)), paced(*BY_PET, (3, 2), None))
            ),
            "the route goes": Review(
                planned=(
                    paced(*BY_PET, (3, 2), None),
                    deleted("aws_api_gateway_method.pets_get_pets__id"),
                )
            ),
            "the route comes": Review(
                planned=(
                    paced(*WHOLE, (3, 2), (3, 2)),
                    paced(*BY_PET, None, (9, 9)),
                    change("aws_api_gateway_method.pets_get_pets__id", after={}),
                )
            ),
            "the stage goes": Review(
                planned=(
                    paced(*WHOLE, (10, 5), None),
                    paced(*BY_PET, (3, 2), None),
                    deleted("aws_api_gateway_stage.pets_dev", stage_name="dev"),
                )
            ),
            "blueprints, lower": offline(Review(OWN_PACE, before={**OWN_PACE, PETS_ROUTE: FAST})),
            "a plan of keys, lower": Review(
                planned_keys("quota: {requests: 99, per: day}"),
                before=planned_keys("quota: {requests: 100, per: day}"),
            ),
        },
    ),
    "no-access-log": Case(
        offline(Review({LIVE: LIVE.replace(", access_log: {}", "")})),
        {
            "a log": offline(Review()),
            "the stack does not change": Review(
                {LIVE: LIVE.replace(", access_log: {}", "")}, planned=None
            ),
        },
    ),
    "api-destroyed": Case(
        Review(
            planned=(
                replaced(REST_API, "put_rest_api_mode", id="a", name="pets-nonprod-pets"),
                deleted("aws_api_gateway_rest_api.cats", id="b", name="pets-nonprod-cats"),
            )
        ),
        {
            "changed in place": Review(planned=(updated(REST_API, {"name": "a"}, {"name": "b"}),)),
            "forgotten": Review(planned=(change(REST_API, ("forget",), before={"name": "a"}),)),
        },
    ),
    "stage-destroyed": Case(
        Review(planned=(deleted(STAGE, stage_name="dev"),)),
        {"new": Review(planned=(change(STAGE, after={"stage_name": "dev"}),))},
    ),
    "role-destroyed": Case(
        Review(planned=(replaced(ROLE, "name", name="reader"),)),
        {
            "changed": Review(planned=(updated(ROLE, {"description": "a"}, {"description": "b"}),)),
            "its policy goes": Review(planned=(deleted("aws_iam_role_policy.reader", role="r"),)),
        },
    ),
    "user-pool-destroyed": Case(
        Review(planned=(replaced(POOL, "username_configuration", name="pets-nonprod-owners"),)),
        {
            "changed": Review(planned=(updated(POOL, pool(), pool(tags={"a": "b"})),)),
            "a client of it goes": Review(
                planned=(deleted("aws_cognito_user_pool_client.owners_page", name="page"),)
            ),
        },
    ),
    "saml-provider-destroyed": Case(
        Review(account=(deleted(PROVIDER, name="auth0"),)),
        {"new metadata": Review(account=(updated(PROVIDER, {"name": "a"}, {"name": "a"}),))},
    ),
    "deployment-not-triggered": Case(
        Review(planned=(method(), deployment("no-op"))),
        {
            "a new one": Review(planned=(method(), deployment("create", "delete"))),
            "another API": Review(planned=(method("other"), deployment("no-op"))),
            "the stage goes": Review(planned=(method(), deployment("delete"))),
            "nothing that is published": Review(planned=(HARMLESS, deployment("no-op"))),
            "it is a release, which stays": Review(
                PINNED, planned=planned(method("a1"), release('{"GET /pets":"AWS_IAM"}'))
            ),
        },
    ),
    "permission-broadened": Case(
        Review(
            planned=(
                permission(principal="apigateway.amazonaws.com", source_arn=None),
                replaced("aws_lambda_permission.b", function_name="b", principal="*"),
                replaced(
                    "aws_lambda_permission.c",
                    **{**OF_API, "source_arn": "arn:aws:execute-api:us-east-2:123456789012:*/dev"},
                    function_name="c",
                ),
            )
        ),
        {
            "its API": Review(planned=(permission(**OF_API),)),
            "an API that is new": Review(
                planned=(
                    change(
                        "aws_lambda_permission.d",
                        after={"principal": "apigateway.amazonaws.com"},
                        unknown={"source_arn": True},
                    ),
                )
            ),
            "as it was": Review(
                planned=(HARMLESS, change("aws_lambda_permission.e", ("no-op",), after={})),
            ),
        },
    ),
    "near-quota": Case(
        Review({ID: ID + ROUTES}),
        {"far from it": Review()},
    ),
    "unverified-policy": Case(
        Review(
            planned=(
                unknown("aws_iam_role_policy.reader", "policy"),
                change("aws_iam_policy.reader--1", after={"policy": UNREAD}),
                unknown(REST_POLICY, "policy"),
                unknown("aws_iam_role_policy.clerk", "policy"),
            )
        ),
        {
            "known": Review(
                planned=(change("aws_iam_role_policy.reader", after={"policy": policy(GATEWAY)}),)
            ),
            "unchanged": Review(
                planned=(HARMLESS, change("aws_iam_role_policy.reader", ("no-op",), after={}))
            ),
        },
    ),
}
