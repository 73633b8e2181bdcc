"""Random cases for both sides, each from a seed of its own, so that one can be had again."""

from __future__ import annotations

import random
from typing import Any

from gateprint.access.iam.request import ANONYMOUS, Principal, federated, service, session, user
from tests.oracle.conditions import (
    API_VALUES,
    SAML_VALUES,
    STS_VALUES,
    TAG_VALUES,
    Context,
    condition_of,
    context_of,
)
from tests.oracle.patterns import DEFAULTED, OWNER, VARIABLES, pattern_of, request_arn
from tests.oracle.simulator import Case, Document

OTHER = "999999999999"
ROLE = f"arn:aws:iam::{OWNER}:role/reader"
SESSION = session(ROLE, "anna")
USER = user(f"arn:aws:iam::{OWNER}:user/bert")
ROOT = f"arn:aws:iam::{OWNER}:root"
PROVIDER = f"arn:aws:iam::{OWNER}:saml-provider/auth0"
VERSION = "2012-10-17"
# The share of cases in which the simulator checks whatever it can.
CHECKED = 0.05


def case_of(seed: str) -> Case:
    """Return the case of a seed."""
    choose = random.Random(seed)  # noqa: S311
    kinds = (_identity_case, _identity_case, _identity_case, _bounded_case, _resource_case)
    case = choose.choice((*kinds, _resource_case, _trust_case))(choose)
    return case.without(is_checked=choose.random() < CHECKED)


class _Writer:
    """Writes policies about one request."""

    def __init__(
        self, choose: random.Random, arn: str, context: Context, values: dict[str, tuple[str, ...]]
    ) -> None:
        self.choose, self.arn, self.context, self.values = choose, arn, context, values

    def identity(self, *, deny: float = 0.25) -> Document:
        count = self.choose.choice((1, 1, 2, 3))
        return self._document([self._statement(deny, is_identity=True) for _ in range(count)])

    def resource(self, principal: Principal) -> Document:
        count = self.choose.choice((1, 1, 2))
        statements = [self._statement(0.25, is_identity=False) for _ in range(count)]
        for each in statements:
            each.update(_principal(self.choose, principal, self.arn, str(each["Effect"])))
        return self._document(statements)

    def trust(self, actions: tuple[str, ...], principals: tuple[object, ...]) -> Document:
        count = self.choose.choice((1, 1, 2))
        return self._document([self._trusting(actions, principals) for _ in range(count)])

    def _trusting(self, actions: tuple[str, ...], principals: tuple[object, ...]) -> Document:
        statement: Document = {
            "Effect": "Deny" if self.choose.random() < 0.25 else "Allow",
            "Action": self.choose.choice(actions),
            "Principal": self.choose.choice(principals),
        }
        return self._conditioned(statement, 0.8)

    def _document(self, statements: list[Document]) -> Document:
        for index, each in enumerate(statements):
            if self.choose.random() < 0.5:
                each["Sid"] = f"s{index}"
        is_alone = len(statements) == 1 and self.choose.random() < 0.2
        return {"Version": VERSION, "Statement": statements[0] if is_alone else statements}

    def _statement(self, deny: float, *, is_identity: bool) -> Document:
        effect = "Deny" if self.choose.random() < deny else "Allow"
        statement: Document = {"Effect": effect}
        statement.update(self._actions())
        name = "NotResource" if self.choose.random() < 0.1 else "Resource"
        count = 1 if effect == "Deny" else self.choose.choice((1, 1, 2, 4))
        patterns = [
            pattern_of(
                self.choose,
                self.arn,
                is_completed=is_identity and name == "Resource",
                variables=DEFAULTED if name == "NotResource" else VARIABLES,
            )
            for _ in range(count)
        ]
        statement[name] = patterns if len(patterns) > 1 else patterns[0]
        return self._conditioned(statement, 0.35)

    def _actions(self) -> Document:
        if self.choose.random() < 0.1:
            return {"NotAction": self.choose.choice((*_OTHER_ACTIONS, "execute-api:Inv*"))}
        others = [self.choose.choice(_OTHER_ACTIONS)]
        if self.choose.random() < 0.1:
            return {"Action": others}
        action = self.choose.choice(_ACTIONS)
        return {"Action": [action, *others] if self.choose.random() < 0.3 else action}

    def _conditioned(self, statement: Document, chance: float) -> Document:
        if self.choose.random() < chance:
            statement["Condition"] = condition_of(self.choose, self.context, self.values)
        return statement


_ACTIONS = (
    "execute-api:Invoke",
    "execute-api:Invoke",
    "EXECUTE-API:invoke",
    "execute-api:*",
    "execute-api:I?v*",
    "*",
)
_OTHER_ACTIONS = (
    "s3:*",
    "execute-api:ManageConnections",
    "execute-api:Invok",
    "execute-api:?nvoke?",
)


def _principal(
    choose: random.Random, principal: Principal, arn: str, effect: str
) -> dict[str, Any]:
    """Return a Principal or NotPrincipal element.

    Within one account, an Allow for the account is not decided: so it is not asked.
    """
    own = [each for each in (principal.name, principal.role_arn) if each]
    if effect == "Deny" and principal.kind == "aws" and choose.random() < 0.2:
        others = [f"arn:aws:iam::{OTHER}:role/other"]
        return {"NotPrincipal": {"AWS": choose.choice(([*own, ROOT], others))}}
    names: list[object] = ["*", {"AWS": "*"}, {"AWS": [f"arn:aws:iam::{OWNER}:role/other"]}]
    names += [{"AWS": each} for each in own] * 2
    if effect == "Deny" or arn.split(":")[4] != OWNER:
        names += [{"AWS": ROOT}, {"AWS": [OWNER, f"arn:aws:iam::{OTHER}:root"]}]
    return {"Principal": choose.choice(names)}


def _identity_case(choose: random.Random) -> Case:
    arn = request_arn(choose, OWNER)
    context = context_of(choose, API_VALUES)
    writer = _Writer(choose, arn, context, API_VALUES)
    documents = tuple(writer.identity() for _ in range(choose.choice((1, 1, 2))))
    return Case(SESSION, arn, identity=documents, context=dict(context))


def _bounded_case(choose: random.Random) -> Case:
    arn = request_arn(choose, OWNER)
    context = context_of(choose, API_VALUES)
    writer = _Writer(choose, arn, context, API_VALUES)
    identity, boundary = writer.identity(), writer.identity(deny=0.1)
    return Case(SESSION, arn, identity=(identity,), boundary=boundary, context=dict(context))


def _resource_case(choose: random.Random) -> Case:
    arn = request_arn(choose, choose.choice((OWNER, OWNER, OTHER)))
    context = context_of(choose, API_VALUES)
    writer = _Writer(choose, arn, context, API_VALUES)
    principal = choose.choice((SESSION, SESSION, USER, ANONYMOUS))
    is_signed = principal is not ANONYMOUS
    is_bounded = is_signed and choose.random() < 0.3
    return Case(
        principal,
        arn,
        identity=(writer.identity(deny=0.1),) if is_signed and choose.random() < 0.8 else (),
        boundary=writer.identity(deny=0.1) if is_bounded else None,
        resource_policy=writer.resource(principal),
        context=dict(context),
    )


def _trust_case(choose: random.Random) -> Case:
    return choose.choice((_saml_case, _saml_case, _tagging_case, _service_case, _aws_case))(choose)


_PROVIDERS = (
    {"Federated": PROVIDER},
    {"Federated": PROVIDER},
    {"Federated": [PROVIDER, f"{PROVIDER}-api"]},
    {"Federated": f"{PROVIDER}-api"},
    {"Service": "apigateway.amazonaws.com", "Federated": PROVIDER},
    "*",
)
_SAML_ACTIONS = ("sts:AssumeRoleWithSAML", "sts:AssumeRoleWithSAML", "sts:AssumeRole*", "sts:*")


def _saml_case(choose: random.Random) -> Case:
    context = context_of(choose, SAML_VALUES)
    writer = _Writer(choose, ROLE, context, SAML_VALUES)
    trust = writer.trust((*_SAML_ACTIONS, "sts:TagSession"), _PROVIDERS)
    return _assuming(federated(PROVIDER), "sts:AssumeRoleWithSAML", trust, context)


def _tagging_case(choose: random.Random) -> Case:
    context = context_of(choose, TAG_VALUES)
    writer = _Writer(choose, ROLE, context, TAG_VALUES)
    actions = ("sts:TagSession", "sts:TagSession", "sts:*", "sts:AssumeRoleWithSAML")
    trust = writer.trust(actions, _PROVIDERS)
    return _assuming(federated(PROVIDER), "sts:TagSession", trust, context)


def _service_case(choose: random.Random) -> Case:
    writer = _Writer(choose, ROLE, context_of(choose, STS_VALUES), STS_VALUES)
    principals = (
        {"Service": "apigateway.amazonaws.com"},
        {"Service": ["lambda.amazonaws.com", "apigateway.amazonaws.com"]},
        {"Service": "lambda.amazonaws.com"},
        {"AWS": ROLE},
        "*",
    )
    trust = writer.trust(("sts:AssumeRole", "sts:*", "sts:AssumeRoleWithSAML"), principals)
    caller = service("apigateway.amazonaws.com")
    return _assuming(caller, "sts:AssumeRole", trust, writer.context)


def _aws_case(choose: random.Random) -> Case:
    writer = _Writer(choose, ROLE, context_of(choose, STS_VALUES), STS_VALUES)
    names = (USER.name, ROOT, "*", OTHER, ROLE)
    principals = (*({"AWS": each} for each in names), "*")
    trust = writer.trust(("sts:AssumeRole", "sts:assumerole", "sts:TagSession"), principals)
    return _assuming(USER, "sts:AssumeRole", trust, writer.context)


def _assuming(principal: Principal, action: str, trust: Document, context: Context) -> Case:
    return Case(principal, ROLE, action, trust=trust, context=dict(context))
