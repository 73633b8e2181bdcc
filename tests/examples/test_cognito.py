"""blueprints/examples/cognito.yaml with the real Terraform: a user pool, and its tokens."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Mapping
from typing import Any

import pytest
import urllib3
from botocore.exceptions import ClientError

from tests.examples.rest_apis import rest_api
from tests.support.project import Project

pytestmark = [pytest.mark.cdktf, pytest.mark.terraform]

STACK = "clinic-local"
# The scope of tokens of those who sign in without the sign-in page, which no rehearsal has.
OWN = "aws.cognito.signin.user.admin"


@pytest.fixture(scope="module")
def clinic(deployed: Mapping[str, Project]) -> Project:
    return deployed[STACK]


def ask(project: Project, request: str, token: str | None = None) -> tuple[int, Any, str | None]:
    """Status, body, and which origin may read the answer."""
    api = rest_api(project, "clinic-local-clinic")
    method, path = request.split()
    headers = {"Authorization": token} if token else {}
    url = f"{project.endpoint}/_aws/execute-api/{api['id']}/dev{path}"
    answer = urllib3.request(method, url, headers=headers, body=b"{}" if method == "POST" else None)
    return answer.status, answer.json(), answer.headers.get("Access-Control-Allow-Origin")


def signed_in(project: Project, name: str) -> dict[str, str]:
    """The tokens of a new user of the example's pool."""
    cognito = project.client("cognito-idp")
    [pool] = cognito.list_user_pools(MaxResults=10)["UserPools"]
    [client] = cognito.list_user_pool_clients(UserPoolId=pool["Id"])["UserPoolClients"]
    who = {"UserPoolId": pool["Id"], "Username": name}
    password = f"Aa1-{secrets.token_hex(12)}"
    cognito.admin_create_user(**who)
    cognito.admin_set_user_password(**who, Password=password, Permanent=True)
    answer = cognito.admin_initiate_auth(
        UserPoolId=pool["Id"],
        ClientId=client["ClientId"],
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": password},
    )
    found: dict[str, str] = answer["AuthenticationResult"]
    return found


UNAUTHORIZED = (401, {"message": "Unauthorized"}, "https://clinic.example.com")


def test_tokens_of_the_pool_open_what_they_are_for(clinic: Project) -> None:
    tokens = signed_in(clinic, "anna")
    assert ask(clinic, "GET /hours")[0] == 200, "public"
    assert ask(clinic, "GET /me") == UNAUTHORIZED
    assert ask(clinic, "GET /me", "no.real.token") == UNAUTHORIZED
    assert ask(clinic, "GET /me", f"{tokens['IdToken'][:-4]}AAAA") == UNAUTHORIZED
    assert ask(clinic, "GET /me", tokens["AccessToken"]) == UNAUTHORIZED, "an ID token is needed"
    assert ask(clinic, "GET /me", tokens["IdToken"])[:2] == (200, {"is": "signed in"})
    assert ask(clinic, "GET /me", f"Bearer {tokens['IdToken']}")[0] == 200
    assert ask(clinic, "GET /appointments", tokens["IdToken"]) == UNAUTHORIZED
    assert ask(clinic, "GET /appointments", tokens["AccessToken"]) == UNAUTHORIZED, "no such scope"


def test_verify_sees_that_a_token_is_asked_for(clinic: Project) -> None:
    words = ("verify", "--environment", "local", "--api", "clinic", "--format", "json")
    done = clinic.run(sys.executable, "-m", "gateprint", *words)
    assert done.code == 0, done.output
    rows = json.loads(done.output[done.output.index("{") :])["rows"]
    found = {each["route"]: each["expected"] for each in rows if each["expected"][:3] == "401"}
    routes = ("GET /me", "GET /appointments", "POST /appointments")
    assert found == dict.fromkeys(routes, "401, a token is asked for")


def test_pool_clients_and_scopes_change_in_place(clinic: Project) -> None:
    clinic.assert_unchanged(STACK)
    tokens = signed_in(clinic, "berta")
    data = clinic.read("cognito")
    pool = data["user_pools"]["owners"]
    pool |= {"password_length": 16, "mfa": "on", "self_sign_up": True}
    pool["scopes"]["clinic/read"] = "See appointments."
    pool["clients"]["page"] |= {"access_token": "10m", "logout_urls": ["https://a.example.com/"]}
    pool["clients"]["page"]["callback_urls"] = ["https://a.example.com/in"]
    data["authorizers"]["owners"]["user_pools"] += [
        "arn:aws:cognito-idp:us-east-2:123456789012:userpool/us-east-2_another1"
    ]
    data["apis"]["clinic"]["routes"]["GET /appointments"]["scopes"] = ["clinic/read", OWN]
    data["apis"]["clinic"]["routes"]["GET /hours"] = {"mock": {"status": 200}, "auth": "cognito"}
    clinic.write(data, "cognito")
    output = clinic.apply(STACK)
    assert "0 destroyed" in output.replace("1 destroyed", "0 destroyed"), "the old deployment alone"
    clinic.assert_unchanged(STACK)
    assert ask(clinic, "GET /appointments", tokens["AccessToken"])[0] == 400, "of the function"
    assert ask(clinic, "GET /hours") == UNAUTHORIZED


def test_a_protected_pool_goes_only_after_its_protection(clinic: Project) -> None:
    done = clinic.terraform(STACK, "destroy", "-auto-approve", "-input=false")
    assert done.code != 0
    assert "deletion protection is activated" in " ".join(done.output.split())
    cognito = clinic.client("cognito-idp")
    [pool] = cognito.list_user_pools(MaxResults=10)["UserPools"]
    with pytest.raises(ClientError):
        cognito.delete_user_pool(UserPoolId=pool["Id"])
    cognito.update_user_pool(UserPoolId=pool["Id"], DeletionProtection="INACTIVE")
    done = clinic.terraform(STACK, "destroy", "-auto-approve", "-input=false")
    assert done.code == 0, done.output
