"""Lambda's own API in the embedded cloud: functions run, log and are refused as in AWS."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from gateprint.local.functions.package import UNREADABLE
from tests.local.documents import trust
from tests.local.functions.written import zipped

Client = Callable[[str], Any]

CODE = """
import boto3, os
def handler(event, context):
    print("called as", context.invoked_function_arn)
    if event.get("fails"):
        raise KeyError("pet")
    if event.get("caller"):
        return boto3.client("sts").get_caller_identity()["Arn"]
    return {"event": event, "table": os.environ.get("TABLE")}
"""


@pytest.fixture(scope="module")
def role_arn(aws: Client) -> Iterator[str]:
    iam = aws("iam")
    document = trust("lambda.amazonaws.com")
    role = iam.create_role(RoleName="runs-functions", AssumeRolePolicyDocument=document)
    yield role["Role"]["Arn"]
    iam.delete_role(RoleName="runs-functions")


@pytest.fixture(scope="module")
def function(aws: Client, role_arn: str) -> Iterator[Any]:
    client = aws("lambda")
    client.create_function(**request(role_arn, FunctionName="runs"))
    yield client
    client.delete_function(FunctionName="runs")


def request(role_arn: str, **changes: object) -> dict[str, Any]:
    usual = {
        "FunctionName": "refused",
        "Role": role_arn,
        "Code": {"ZipFile": zipped({"app.py": CODE})},
        "Runtime": "python3.12",
        "Handler": "app.handler",
        "Timeout": 20,
        "Environment": {"Variables": {"TABLE": "pets"}},
    }
    return {**usual, **changes}


def invoke(client: Any, event: object, **more: str) -> dict[str, Any]:
    called: dict[str, Any] = client.invoke(
        FunctionName="runs", Payload=json.dumps(event).encode(), **more
    )
    return {**called, "Payload": called["Payload"].read().decode()}


def test_invoke_runs_the_uploaded_code(function: Any) -> None:
    called = invoke(function, {"a": 1}, LogType="Tail")
    assert json.loads(called["Payload"]) == {"event": {"a": 1}, "table": "pets"}
    assert (called["StatusCode"], called["ExecutedVersion"]) == (200, "$LATEST")
    assert "FunctionError" not in called
    tail = base64.b64decode(called["LogResult"]).decode().splitlines()
    assert tail[0].startswith("START RequestId: ")
    assert tail[1].endswith(":function:runs")


def test_an_exception_is_a_function_error(function: Any) -> None:
    called = invoke(function, {"fails": True})
    document = json.loads(called["Payload"])
    assert (called["StatusCode"], called["FunctionError"]) == (200, "Unhandled")
    assert (document["errorType"], document["errorMessage"]) == ("KeyError", "'pet'")


def test_an_event_invocation_answers_at_once_and_runs_later(aws: Client, function: Any) -> None:
    called = invoke(function, {"marker": "later"}, InvocationType="Event")
    assert (called["StatusCode"], called["Payload"]) == (202, "")


def test_a_dry_run_runs_nothing(function: Any) -> None:
    called = invoke(function, {"fails": True}, InvocationType="DryRun")
    assert (called["StatusCode"], called["Payload"]) == (204, "")


def test_the_function_calls_the_embedded_cloud_as_its_role(function: Any) -> None:
    called = json.loads(invoke(function, {"caller": True})["Payload"])
    assert called.startswith("arn:aws:sts::")
    assert called.endswith(":assumed-role/runs-functions/runs")


def test_the_log_is_in_the_functions_log_group(aws: Client, function: Any) -> None:
    invoke(function, {"a": 2})
    logs = aws("logs")
    found = logs.filter_log_events(logGroupName="/aws/lambda/runs")["events"]
    messages = [event["message"] for event in found]
    assert any(message.startswith("REPORT RequestId: ") for message in messages)
    assert any(message.startswith("called as arn:aws:lambda:") for message in messages)


def test_what_is_not_json_is_no_event(function: Any) -> None:
    with pytest.raises(ClientError) as refused:
        function.invoke(FunctionName="runs", Payload=b"{")
    assert refused.value.response["Error"]["Code"] == "InvalidRequestContentException"


def test_changed_code_runs_at_the_next_request(function: Any) -> None:
    old = zipped({"app.py": CODE})
    function.update_function_code(
        FunctionName="runs", ZipFile=zipped({"app.py": "handler = lambda e, c: 'new'"})
    )
    changed = invoke(function, {})["Payload"]
    function.update_function_code(FunctionName="runs", ZipFile=old)
    assert changed == '"new"'


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"Runtime": "ruby3.4"},
            "the embedded cloud does not run the runtime ruby3.4; it runs python3.x and nodejs",
        ),
        ({"Runtime": "python2.7"}, "the embedded cloud does not run the runtime python2.7"),
        (
            {"PackageType": "Image", "Code": {"ImageUri": "a.example/b:c"}},
            "the embedded cloud does not run container images",
        ),
        ({"Code": {"ZipFile": b"no zip file"}}, UNREADABLE),
        ({"Code": {"ZipFile": zipped({"../../app.py": ""})}}, UNREADABLE),
        (
            {"Environment": {"Variables": {"AWS_REGION": "eu-west-1"}}},
            "Reserved keys used in this request: AWS_REGION",
        ),
    ],
)
def test_what_the_embedded_cloud_cannot_run_is_refused_at_once(
    aws: Client, role_arn: str, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(ClientError) as refused:
        aws("lambda").create_function(**request(role_arn, **changes))
    assert refused.value.response["Error"]["Code"] == "InvalidParameterValueException"
    assert message in refused.value.response["Error"]["Message"]


def test_a_change_to_another_runtime_is_refused(function: Any) -> None:
    with pytest.raises(ClientError, match=r"does not run the runtime ruby3\.3"):
        function.update_function_configuration(FunctionName="runs", Runtime="ruby3.3")
    assert function.get_function_configuration(FunctionName="runs")["Runtime"] == "python3.12"
