"""Functions run in processes of their own, as Lambda runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest

from gateprint.local.functions.package import UNREADABLE
from gateprint.local.functions.runner import FunctionRunner
from gateprint.local.web import Invocation
from tests.local.functions.written import USUAL, WrittenAccount, zipped

ECHO = """
def handler(event, context):
    return event
"""
COUNT = """
calls = 0
def handler(event, context):
    global calls
    calls += 1
    return calls
"""
PID = """
import os, time
def handler(event, context):
    time.sleep(event.get("seconds", 0))
    return os.getpid()
"""
ENVIRONMENT = """
import os
def handler(event, context):
    return dict(os.environ)
"""
CONTEXT = """
def handler(event, context):
    shown = {name: value for name, value in vars(context).items() if isinstance(value, str)}
    return {**shown, "left": context.get_remaining_time_in_millis()}
"""
FAILING = """
def handler(event, context):
    raise ValueError("no such pet")
"""


def answer(invocation: Invocation) -> Any:
    assert invocation.error is None, invocation
    return json.loads(invocation.payload)


def is_gone(pid: int, seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while psutil.pid_exists(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not psutil.pid_exists(pid)


def test_a_function_answers_with_what_its_handler_returns(
    account: WrittenAccount, runner: FunctionRunner
) -> None:
    event = {"path": "/pets", "größe": [1, None, "🐈"]}
    assert answer(runner.invoke(account.write(ECHO), json.dumps(event))) == event


def test_the_warm_process_is_reused(account: WrittenAccount, runner: FunctionRunner) -> None:
    arn = account.write(COUNT)
    assert [answer(runner.invoke(arn, "{}")) for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        (COUNT + "\n", {}),
        (COUNT, {"variables": (("A", "b"),)}),
        (COUNT, {"memory_mib": 256}),
        (COUNT, {"timeout_seconds": 4}),
    ],
)
def test_changed_code_or_configuration_has_new_processes(
    account: WrittenAccount, runner: FunctionRunner, code: str, changes: dict[str, object]
) -> None:
    arn = account.write(COUNT)
    before = answer(runner.invoke(arn, "{}"))
    account.write(code, **changes)
    assert (before, answer(runner.invoke(arn, "{}"))) == (1, 1)


def test_the_processes_of_changed_code_end(account: WrittenAccount, runner: FunctionRunner) -> None:
    arn = account.write(PID)
    old = answer(runner.invoke(arn, "{}"))
    account.write(ECHO)
    runner.invoke(arn, "{}")
    assert is_gone(old)


def test_two_requests_at_once_have_two_processes(
    account: WrittenAccount, runner: FunctionRunner
) -> None:
    arn = account.write(PID)
    with ThreadPoolExecutor(2) as threads:
        calls = [threads.submit(runner.invoke, arn, '{"seconds": 0.5}') for _ in range(2)]
        pids = {answer(call.result()) for call in calls}
    assert len(pids) == 2


def test_beyond_the_reserved_concurrency_a_function_is_throttled(
    account: WrittenAccount, runner: FunctionRunner
) -> None:
    arn = account.write(PID, concurrency=1, timeout_seconds=30)
    busy = threading.Thread(target=runner.invoke, args=(arn, '{"seconds": 20}'))
    busy.start()
    time.sleep(0.3)
    refused = runner.invoke(arn, "{}")
    runner.close()
    busy.join()
    assert refused.error == "TooManyRequestsException"
    assert json.loads(refused.payload)["message"] == "Rate Exceeded."


def test_a_process_has_the_functions_variables_and_lambdas_and_no_others(
    account: WrittenAccount, runner: FunctionRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OF_THE_USER", "secret")
    monkeypatch.setenv("AWS_PROFILE", "production")
    found = answer(runner.invoke(account.write(ENVIRONMENT, variables=(("TABLE", "t"),)), "{}"))
    assert found["TABLE"] == "t"
    assert found["AWS_SESSION_TOKEN"] == "token of pets"
    assert found["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"
    assert found["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "128"
    assert not {"OF_THE_USER", "AWS_PROFILE", "HOME", "PYTHONPATH", "VIRTUAL_ENV"} & found.keys()


def test_the_context_says_what_lambda_says(account: WrittenAccount, runner: FunctionRunner) -> None:
    found = answer(runner.invoke(account.write(CONTEXT), "{}"))
    assert 2000 < found.pop("left") <= 3000
    assert len(found.pop("aws_request_id")) == 36
    assert found.pop("log_stream_name") == account.log[0][1]
    assert found == {
        "function_name": "pets",
        "function_version": "$LATEST",
        "invoked_function_arn": USUAL.arn,
        "log_group_name": "/aws/lambda/pets",
        "memory_limit_in_mb": "128",
    }


def test_an_exception_is_lambdas_error_document(
    account: WrittenAccount, runner: FunctionRunner
) -> None:
    failed = runner.invoke(account.write(FAILING), "{}")
    document = json.loads(failed.payload)
    assert failed.error == "ValueError"
    assert len(document.pop("requestId")) == 36
    assert len(document["stackTrace"]) == 1
    assert '"/var/task/app.py", line 3, in handler' in document["stackTrace"][0]
    assert document["errorMessage"] == "no such pet"
    assert document["errorType"] == "ValueError"


@pytest.mark.parametrize(
    ("code", "handler", "error", "message"),
    [
        ("import yaml", "app.handler", "Runtime.ImportModuleError", "No module named 'yaml'"),
        ("import gateprint", "app.handler", "Runtime.ImportModuleError", "named 'gateprint'"),
        ("", "other.handler", "Runtime.ImportModuleError", "Unable to import module 'other'"),
        ("", "app.handler", "Runtime.HandlerNotFound", "'handler' missing on module 'app'"),
        ("", "handler", "Runtime.MalformedHandlerName", "Bad handler 'handler'"),
        ("", "sys.exit", "Runtime.BuiltInModuleConflict", "built-in module sys"),
        ("def (:", "app.handler", "Runtime.UserCodeSyntaxError", "invalid syntax (app.py, line 1)"),
        ("1 / 0", "app.handler", "ZeroDivisionError", "division by zero"),
        ("handler = lambda e, c: {1}", "app.handler", "Runtime.MarshalError", "type set is not"),
        (
            "handler = lambda e, c: 'x' * 6291555",
            "app.handler",
            "Function.ResponseSizeTooLarge",
            "maximum allowed payload size (6291556 bytes)",
        ),
    ],
)
def test_what_cannot_work_is_told_as_lambda_tells_it(
    account: WrittenAccount,
    runner: FunctionRunner,
    code: str,
    handler: str,
    error: str,
    message: str,
) -> None:
    failed = runner.invoke(account.write(code, handler=handler), "{}")
    assert failed.error == error
    assert message in json.loads(failed.payload)["errorMessage"]


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("os._exit(3)", "Runtime exited with error: exit status 3"),
        ("os._exit(0)", "Runtime exited without providing a reason"),
        ("sys.exit(2)", "Runtime exited with error: exit status 2"),
        ("os.kill(os.getpid(), 11)", "Runtime exited with error: signal: segmentation fault"),
        ("len(bytes(200 * 1024 * 1024))", "Runtime exited with error: signal: killed"),
    ],
)
def test_a_process_that_ends_is_an_exit_error_and_the_next_request_has_a_new_one(
    account: WrittenAccount, runner: FunctionRunner, statement: str, why: str
) -> None:
    code = f"import os, sys\ndef handler(event, context):\n    if event: {statement}\n    return 1"
    arn = account.write(code)
    ended = runner.invoke(arn, '{"a": 1}')
    assert ended.error == "Runtime.ExitError"
    assert json.loads(ended.payload)["errorMessage"].endswith(f" Error: {why}")
    assert answer(runner.invoke(arn, "{}")) == 1


def test_a_handler_that_takes_too_long_is_killed_with_all_that_it_started(
    account: WrittenAccount, runner: FunctionRunner
) -> None:
    code = """
    import subprocess
    def handler(event, context):
        child = subprocess.Popen(["/bin/sleep", "100"])
        print(child.pid)
        child.wait()
    """
    ended = runner.invoke(account.write(zipped({"app.py": code}), timeout_seconds=1), "{}")
    message = json.loads(ended.payload)["errorMessage"]
    assert ended.error == "Sandbox.Timedout"
    assert message.endswith(" Error: Task timed out after 1.00 seconds")
    assert account.lines[-1].endswith(" Task timed out after 1.00 seconds")
    assert is_gone(int(account.lines[1]))


def test_the_log_has_what_was_written_between_lambdas_lines(
    account: WrittenAccount, runner: FunctionRunner
) -> None:
    code = """
    import logging, sys
    def handler(event, context):
        print("to stdout")
        print("to stderr", file=sys.stderr)
        logging.getLogger().warning("a warning")
        logging.getLogger().info("not shown")
    """
    arn = account.write(zipped({"app.py": code}))
    runner.invoke(arn, "{}")
    start, out, err, warning, end, report = account.lines
    request = start.split()[2]
    assert (start, end) == (
        f"START RequestId: {request} Version: $LATEST",
        f"END RequestId: {request}",
    )
    assert (out, err) == ("to stdout", "to stderr")
    assert warning.startswith("[WARNING]\t")
    assert warning.endswith(f"Z\t{request}\ta warning")
    assert "\tMemory Size: 128 MB\tMax Memory Used: " in report
    assert "\tInit Duration: " in report


def test_what_one_request_wrote_is_not_in_the_log_of_the_next(
    account: WrittenAccount, runner: FunctionRunner
) -> None:
    arn = account.write("def handler(event, context):\n    print('said', event['n'])")
    for number in range(2):
        runner.invoke(arn, json.dumps({"n": number}))
    assert [line for line in account.lines if line.startswith("said")] == ["said 0", "said 1"]


def test_the_sdk_is_there_without_being_packed(
    account: WrittenAccount, runner: FunctionRunner
) -> None:
    code = "import boto3\nhandler = lambda e, c: boto3.client('sts').meta.endpoint_url"
    arn = account.write(code, timeout_seconds=20)
    assert answer(runner.invoke(arn, "{}")) == "http://127.0.0.1:1"


@pytest.mark.parametrize("name", ["../out.py", "/tmp/out.py", "a/../../out.py", "a\\..\\out.py"])
def test_a_zip_file_that_writes_elsewhere_is_refused(
    account: WrittenAccount, runner: FunctionRunner, tmp_path: Path, name: str
) -> None:
    refused = runner.invoke(account.write(zipped({name: "", "app.py": ECHO})), "{}")
    assert refused.error == "InvalidZipFileException"
    assert json.loads(refused.payload)["message"] == UNREADABLE
    assert not [path for path in tmp_path.rglob("*") if path.name == "out.py"]


def test_what_is_unpacked_is_for_its_owner_alone_and_is_gone_in_the_end(
    account: WrittenAccount, runner: FunctionRunner, tmp_path: Path
) -> None:
    runner.invoke(account.write(ECHO), "{}")
    paths = list(tmp_path.rglob("*"))
    assert any(path.name == "app.py" for path in paths)
    assert not [
        path for path in paths if path.stat().st_mode & 0o077 and "pycache" not in str(path)
    ]
    runner.close()
    assert not list(tmp_path.iterdir())


def test_a_function_that_is_not_there_is_not_found(runner: FunctionRunner) -> None:
    missing = runner.invoke(USUAL.arn, "{}")
    assert missing.error == "ResourceNotFoundException"
    assert json.loads(missing.payload)["message"] == f"Function not found: {USUAL.arn}"


def test_an_event_beyond_lambdas_limit_is_refused(
    account: WrittenAccount, runner: FunctionRunner
) -> None:
    event = json.dumps("x" * (6 * 1024 * 1024))
    assert runner.invoke(account.write(ECHO), event).error == "RequestTooLargeException"


def test_processes_end_with_the_runner(account: WrittenAccount, runner: FunctionRunner) -> None:
    pid = answer(runner.invoke(account.write(PID), "{}"))
    runner.close()
    assert is_gone(pid)


def test_processes_end_with_a_server_that_is_killed(tmp_path: Path) -> None:
    """A busy handler too: it never looks at its pipe."""
    script = f"""
    import sys, threading, time
    from pathlib import Path
    from gateprint.local.functions.runner import FunctionRunner
    from tests.local.functions.written import WrittenAccount
    account = WrittenAccount()
    code = '''
    def handler(event, context):
        import os, pathlib
        pathlib.Path({str(tmp_path / "pid")!r}).write_text(str(os.getpid()))
        while True: pass
    '''
    import textwrap
    arn = account.write(textwrap.dedent(code), timeout_seconds=60)
    runner = FunctionRunner(account, "http://127.0.0.1:1", Path({str(tmp_path)!r}))
    threading.Thread(target=runner.invoke, args=(arn, "{{}}"), daemon=True).start()
    time.sleep(60)
    """
    server = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], env=os.environ)
    pid_file = tmp_path / "pid"
    deadline = time.monotonic() + 20
    while not (pid_file.exists() and pid_file.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    pid = int(pid_file.read_text())
    server.kill()
    server.wait()
    assert is_gone(pid)
