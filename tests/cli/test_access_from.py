"""`access --from`: the access is proved from the Terraform that would be applied."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cli

GOLDEN = Path(__file__).parents[1] / "golden"
STACKS = ("account-prod", "orders-prod", "pets-prod")
ARN = "arn:aws:execute-api:us-east-2:210987654321:${aws_api_gateway_rest_api.pets.id}"
Edit = Callable[[dict[str, Any]], None]


@pytest.fixture
def out(project: Path) -> Path:
    """The stacks as CDKTF writes them; other tests compare these files with what it writes."""
    for stack in STACKS:
        folder = project / "cdktf.out/stacks" / stack
        folder.mkdir(parents=True)
        shutil.copyfile(GOLDEN / f"{stack}.tf.json", folder / "cdk.tf.json")
    return project / "cdktf.out"


def edit(out: Path, stack: str, change: Edit) -> None:
    path = out / "stacks" / stack / "cdk.tf.json"
    data = json.loads(path.read_text())
    change(data["resource"])
    path.write_text(json.dumps(data))


def permissions(resources: str | list[str], action: str = "execute-api:Invoke") -> Edit:
    """Give the auditor of pets another policy."""
    statement = {"Effect": "Allow", "Action": action, "Resource": resources}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    def change(resource: dict[str, Any]) -> None:
        resource["aws_iam_role_policy"]["pets-auditor"]["policy"] = document

    return change


def trust(old: str, new: str) -> Edit:
    def change(resource: dict[str, Any]) -> None:
        role = resource["aws_iam_role"]["auth0-api-role"]
        assert old in role["assume_role_policy"]
        role["assume_role_policy"] = role["assume_role_policy"].replace(old, new)

    return change


def resource(kind: str, address: str, **arguments: Any) -> Edit:
    def change(resource: dict[str, Any]) -> None:
        known = resource.setdefault(kind, {}).setdefault(address, {})
        known.update(arguments)

    return change


def removed(kind: str, address: str) -> Edit:
    def change(resource: dict[str, Any]) -> None:
        del resource[kind][address]

    return change


def said(cli: Cli) -> list[tuple[str, str]]:
    ran = cli("access", "--from", "cdktf.out", "--environment", "prod", "--format", "json")
    found = json.loads(ran.out)["differences"]
    assert ran.code == (3 if found else 0)
    return [(each["kind"], each["sentence"]) for each in found]


def test_what_is_synthesized_is_proved(cli: Cli, out: Path) -> None:
    ran = cli("access", "--from", "cdktf.out", "--environment", "prod")
    assert (ran.code, ran.err) == (0, "")
    last = "The Terraform in cdktf.out gives exactly this access, and no other."
    assert ran.out.splitlines()[-1] == last
    assert said(cli) == []


ALLOWED = (
    "pets-auditor was not granted POST /pets on prod of pets, but is allowed POST /pets on prod"
)
DENIED = (
    "pets-auditor was granted GET /pets/{id} on prod of pets, but is not allowed"
    " GET /pets/x on prod"
)
ANYTHING = '{"Statement":[{"Effect":"Allow","Action":"execute-api:*","Resource":"*"}]}'
EVERYTHING = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "execute-api:Invoke",
                "Resource": f"{ARN}/*",
            }
        ],
    }
)
AUDIENCES = (
    '"SAML:aud":["https://signin.aws.amazon.com/saml",'
    '"https://us-east-2.signin.aws.amazon.com/saml"],'
)
OF_PETS = {
    "rest_api_id": "${aws_api_gateway_rest_api.pets.id}",
    "resource_id": "${aws_api_gateway_resource.pets_pets.id}",
}


def beyond(pattern: str) -> str:
    known = ARN.replace("${aws_api_gateway_rest_api.pets.id}", "<pets>")
    return f"pets-auditor is allowed {known}{pattern}, beyond what it was granted"


# The tutorial's mistakes, and others that people make by hand.
MISTAKES: dict[str, tuple[Edit, str, str]] = {
    "an ARN without a verb": (
        permissions([f"{ARN}/prod/GET/pets/*", f"{ARN}/*/pets/purchase"]),
        "beyond",
        beyond("/*/pets/purchase"),
    ),
    "every verb": (permissions(f"{ARN}/prod/*/pets/*"), "beyond", beyond("/prod/*/pets/*")),
    "no slash before the wildcard": (
        permissions(f"{ARN}/prod/GET/pets*"),
        "beyond",
        beyond("/prod/GET/pets*"),
    ),
    "another stage": (
        permissions([f"{ARN}/prod/GET/pets/*", f"{ARN}/dev/GET/pets/*"]),
        "beyond",
        beyond("/dev/GET/pets/*"),
    ),
    "everything of the API": (permissions(f"{ARN}/*"), "allowed", ALLOWED),
    "everything of every API": (
        permissions("arn:aws:execute-api:*:*:*"),
        "allowed",
        ALLOWED,
    ),
    "everything": (permissions("*"), "allowed", ALLOWED),
    "a slash at the end": (permissions(f"{ARN}/prod/GET/pets/*/"), "denied", DENIED),
    "the API alone, with a slash": (permissions(f"{ARN}/*/"), "denied", DENIED),
    "the parameter as written": (permissions(f"{ARN}/prod/GET/pets/{{id}}"), "denied", DENIED),
    "the API of another account": (
        permissions(f"{ARN}/prod/GET/pets/*".replace("210987654321", "123456789012")),
        "denied",
        DENIED,
    ),
    "every action": (
        permissions(f"{ARN}/prod/GET/pets/*", "execute-api:*"),
        "action",
        "pets-auditor is allowed more than execute-api:Invoke",
    ),
    "no audience": (
        trust(AUDIENCES, ""),
        "trust",
        "who signs in without saml:aud may assume auth0-api-role",
    ),
    "a provider of another name": (
        trust("saml-provider/auth0", "saml-provider/auth0-api"),
        "trust",
        "who signs in as the blueprint says may not assume auth0-api-role",
    ),
    "any audience that looks like AWS": (
        trust(
            '"StringEquals":{"SAML:aud":[',
            '"StringLike":{"SAML:aud":["https://*.aws.amazon.com/saml",',
        ),
        "trust",
        (
            "who signs in with saml:aud https://evil.signin.aws.amazon.com/saml may assume"
            " auth0-api-role"
        ),
    ),
    "another account's provider": (
        trust("210987654321:saml", "999999999999:saml"),
        "trust",
        "who signs in as the blueprint says may not assume auth0-api-role",
    ),
    "no signature": (
        resource("aws_api_gateway_method", "pets_post_pets", authorization="NONE"),
        "auth",
        "POST /pets of pets can be called without a signature, but the blueprint says auth: iam",
    ),
    "a method that nobody declared": (
        resource(
            "aws_api_gateway_method", "more", **OF_PETS, http_method="DELETE", authorization="NONE"
        ),
        "auth",
        (
            "DELETE /pets of pets is not in the blueprint, but has a method with the authorization"
            " NONE"
        ),
    ),
    "a stage that nobody declared": (
        resource("aws_api_gateway_stage", "more", **OF_PETS, stage_name="test"),
        "stage",
        "stage test of pets is not in the blueprint",
    ),
    "no policy": (removed("aws_iam_role_policy", "pets-auditor"), "denied", DENIED),
    "a managed policy of AWS": (
        resource(
            "aws_iam_role_policy_attachment",
            "more",
            role="pets-auditor",
            policy_arn="arn:aws:iam::aws:policy/AdministratorAccess",
        ),
        "unknown",
        (
            "pets-auditor has the policy arn:aws:iam::aws:policy/AdministratorAccess, which is not"
            " in the stack"
        ),
    ),
    "a policy for the functions' role": (
        resource(
            "aws_iam_role_policy",
            "more",
            name="more",
            role="pets-prod-functions",
            policy=ANYTHING,
        ),
        "action",
        "pets-prod-functions is not in the blueprint, but may call APIs",
    ),
    "a resource policy for everybody": (
        resource("aws_api_gateway_rest_api_policy", "more", **OF_PETS, policy=EVERYTHING),
        "resource-policy",
        "every user of the account may call POST /pets on prod of pets",
    ),
    "a user's policy": (
        resource("aws_iam_user_policy", "more", user="somebody", policy="{}"),
        "unknown",
        "aws_iam_user_policy.more may give access, and is of a type that is not read",
    ),
    "an expression": (
        resource("aws_iam_role_policy", "pets-auditor", policy="${jsonencode({})}"),
        "unknown",
        "aws_iam_role_policy.pets-auditor has an expression in its policy",
    ),
    "no JSON": (
        resource("aws_iam_role_policy", "pets-auditor", policy="nothing"),
        "unknown",
        (
            "it is not known what pets-auditor may call: policy api-gateway-policy: the document is"
            " not JSON"
        ),
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_the_terraform_is_reported(cli: Cli, out: Path, name: str) -> None:
    change, kind, sentence = MISTAKES[name]
    edit(out, "pets-prod", change)
    assert (kind, sentence) in said(cli)


def test_another_stack_s_roles_and_providers_are_looked_at_as_well(cli: Cli, out: Path) -> None:
    edit(out, "account-prod", removed("aws_iam_saml_provider", "auth0"))
    edit(out, "orders-prod", removed("aws_iam_role_policy", "pets-auditor"))
    found = said(cli)
    assert ("trust", "the SAML provider auth0 is not there") in found
    assert {sentence.split(" was granted")[0] for kind, sentence in found if kind == "denied"} == {
        "pets-auditor"
    }


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            resource("aws_iam_role_policy", "more", role="more", name="more", policy=ANYTHING),
            "more is not in the blueprint, but may call APIs",
        ),
        (
            resource("aws_iam_role_policy_attachment", "more", role="more", policy_arn="arn:x"),
            "more has the policy arn:x, which is not in the stack",
        ),
        (
            resource("aws_iam_user_policy", "more"),
            "aws_iam_user_policy.more may give access, and is of a type that is not read",
        ),
        (
            resource("aws_iam_saml_provider", "auth0", saml_metadata_document="<other/>"),
            "the SAML provider auth0 has other metadata than the environment",
        ),
        (
            resource("aws_iam_saml_provider", "more", name="more", saml_metadata_document="<x/>"),
            "the SAML provider more is not in the environment",
        ),
    ],
)
def test_the_account_s_own_stack_gives_nobody_more(
    cli: Cli, out: Path, change: Edit, sentence: str
) -> None:
    edit(out, "account-prod", change)
    assert sentence in {each for _, each in said(cli)}


def test_differences_are_shown_in_every_format(cli: Cli, out: Path) -> None:
    edit(out, "pets-prod", permissions(f"{ARN}/prod/GET/pets/*", "execute-api:*"))
    shown = {
        form: cli("access", "--from", "cdktf.out", "--environment", "prod", "--format", form)
        for form in ("table", "markdown", "html")
    }
    assert {ran.code for ran in shown.values()} == {3}
    assert shown["table"].out.splitlines()[-4:] == [
        "pets-prod: pets-auditor is allowed more than execute-api:Invoke",
        "    policy api-gateway-policy, statement 1",
        "",
        "1 difference between the blueprints and the Terraform; do not apply it",
    ]
    assert (
        "- pets-prod: pets-auditor is allowed more than execute-api:Invoke" in shown["markdown"].out
    )
    assert '<h2 id="n1">1 difference between the blueprints' in shown["html"].out


def test_two_questions_at_once_are_a_wrong_command_line(cli: Cli, out: Path) -> None:
    ran = cli("access", "--from", "cdktf.out", "--against", "main")
    assert ran.code == 2
    assert "--from and --against are two questions" in ran.err


@pytest.mark.parametrize(
    ("content", "problem"),
    [("{", "this is not JSON"), ("[]", "this is not Terraform's JSON")],
)
def test_what_is_no_stack_is_rejected(cli: Cli, out: Path, content: str, problem: str) -> None:
    (out / "stacks/pets-prod/cdk.tf.json").write_text(content)
    ran = cli("access", "--from", "cdktf.out", "--environment", "prod")
    assert (ran.code, ran.out) == (1, "")
    assert f"cdktf.out/stacks/pets-prod/cdk.tf.json:1:1: error: {problem} [no-stack]" in ran.err
