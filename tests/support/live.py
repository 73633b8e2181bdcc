"""A small API, deployed into a running embedded cloud, and a session of its caller's role."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.support.saml_response import AFFILIATION, ATTRIBUTES, Fields, posted, signed
from tests.support.saml_response import provider_metadata as metadata

Clients = Callable[[str], Any]

ROLE = "live-caller"
PROVIDER = "live"
STAGE = "dev"
HANDLER = """
import json
def handler(event, context):
    said = {"id": event["pathParameters"]["id"], "method": event["httpMethod"]}
    said["body"], said["caller"] = event["body"], event["requestContext"]["identity"]["userArn"]
    said["query"] = event["multiValueQueryStringParameters"]
    headers = {"Content-Type": "application/json"}
    return {"statusCode": 200, "headers": headers, "body": json.dumps(said)}
"""
EMPTY_MOCK = {"application/json": '{"statusCode": 200}'}


@dataclass(frozen=True, slots=True)
class Live:
    """`GET` and `POST /pets/{id}`, signed, of a function; `GET /health`, of anybody, a MOCK.

    The role may GET only. `endpoint` is the cloud's.
    """

    endpoint: str
    region: str
    account: str
    api_id: str
    role_arn: str
    provider_arn: str

    def url(self, path: str) -> str:
        """Return the address of a path such as `/pets/1`."""
        return f"{self.endpoint}/_aws/execute-api/{self.api_id}/{STAGE}{path}"

    def sign_in(self, now: dt.datetime) -> str:
        """Return a SAML response for the role, in base64."""
        return posted(signed(_fields(self, now)))

    def assume(self, sts: Any) -> Credentials:
        """Exchange such a response for temporary credentials."""
        given = sts.assume_role_with_saml(
            RoleArn=self.role_arn,
            PrincipalArn=self.provider_arn,
            SAMLAssertion=self.sign_in(dt.datetime.now(dt.UTC)),
        )["Credentials"]
        return Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])

    def signed_headers(
        self, credentials: Credentials, method: str, path: str, body: bytes = b""
    ) -> dict[str, str]:
        """Return a request's headers, signed by botocore."""
        request = AWSRequest(method=method, url=self.url(path), data=body)
        SigV4Auth(credentials, "execute-api", self.region).add_auth(request)
        return dict(request.headers.items())


def deploy(clients: Clients, endpoint: str, region: str, account: str) -> Live:
    """Create and deploy everything through the cloud's AWS API."""
    provider_arn = _provider(clients("iam"))
    api_id = _api(clients, region, account)
    role_arn = _role(clients("iam"), provider_arn, f"{region}:{account}:{api_id}")
    clients("apigateway").create_deployment(restApiId=api_id, stageName=STAGE)
    return Live(endpoint, region, account, api_id, role_arn, provider_arn)


def _provider(iam: Any) -> str:
    made = iam.create_saml_provider(Name=PROVIDER, SAMLMetadataDocument=metadata())
    return str(made["SAMLProviderArn"])


def _role(iam: Any, provider_arn: str, api: str) -> str:
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": provider_arn},
        "Action": "sts:AssumeRoleWithSAML",
        "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
    }
    made = iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=_document(trust))
    allow = {
        "Effect": "Allow",
        "Action": "execute-api:Invoke",
        "Resource": f"arn:aws:execute-api:{api}/{STAGE}/GET/pets/*",
    }
    iam.put_role_policy(RoleName=ROLE, PolicyName="calls", PolicyDocument=_document(allow))
    return str(made["Role"]["Arn"])


def _document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _api(clients: Clients, region: str, account: str) -> str:
    gateway = clients("apigateway")
    api_id = str(gateway.create_rest_api(name="live")["id"])
    [root] = gateway.get_resources(restApiId=api_id)["items"]
    pets = _below(gateway, api_id, root["id"], "pets")
    pet = _below(gateway, api_id, pets, "{id}")
    uri = _function(clients, region, account, api_id)
    for method in ("GET", "POST"):
        place = {"restApiId": api_id, "resourceId": pet, "httpMethod": method}
        gateway.put_method(**place, authorizationType="AWS_IAM")
        gateway.put_integration(**place, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri)
    _mock(gateway, api_id, _below(gateway, api_id, root["id"], "health"))
    return api_id


def _below(gateway: Any, api_id: str, parent: str, part: str) -> str:
    made = gateway.create_resource(restApiId=api_id, parentId=parent, pathPart=part)
    return str(made["id"])


def _mock(gateway: Any, api_id: str, resource: str) -> None:
    place = {"restApiId": api_id, "resourceId": resource, "httpMethod": "GET"}
    gateway.put_method(**place, authorizationType="NONE")
    gateway.put_integration(**place, type="MOCK", requestTemplates=EMPTY_MOCK)
    gateway.put_method_response(**place, statusCode="200")
    answer = {"application/json": '{"status": "ok"}'}
    gateway.put_integration_response(**place, statusCode="200", responseTemplates=answer)


def _function(clients: Clients, region: str, account: str, api_id: str) -> str:
    """Create the function, let the API call it, and return the integration's URI."""
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    role = clients("iam").create_role(
        RoleName="live-function", AssumeRolePolicyDocument=_document(trust)
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("app.py", HANDLER)
    made = clients("lambda").create_function(
        FunctionName="live",
        Role=role["Role"]["Arn"],
        Code={"ZipFile": buffer.getvalue()},
        Runtime="python3.12",
        Handler="app.handler",
        Timeout=10,
    )
    clients("lambda").add_permission(
        FunctionName="live",
        StatementId="api",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:{region}:{account}:{api_id}/*/*/*",
    )
    arn = made["FunctionArn"]
    return f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations"


def _fields(live: Live, now: dt.datetime) -> Fields:
    def at(minutes: int) -> str:
        return f"{now + dt.timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%SZ}"

    attributes = {
        f"{ATTRIBUTES}Role": [f"{live.role_arn},{live.provider_arn}"],
        f"{ATTRIBUTES}RoleSessionName": ["visitor@example.com"],
        AFFILIATION: ["staff"],
    }
    times = {"not_before": at(-2), "not_on_or_after": at(5), "confirmed_until": at(5)}
    return replace(Fields(), issued=at(-1), attributes=attributes, **times)
