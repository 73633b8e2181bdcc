"""Functions of Node run as those of Python do: the same messages, limits and log."""

from __future__ import annotations

import json

import pytest

from gateprint.local.functions.runner import FunctionRunner
from tests.local.functions.written import WrittenAccount, zipped

HANDLER = """
let calls = 0
export async function handler(event, context) {
  calls += 1
  console.log('called with', JSON.stringify(event))
  if (event.fail) throw new TypeError(event.fail)
  if (event.exit) process.exit(7)
  if (event.sleep) await new Promise(() => setInterval(() => {}, 1000))
  return {calls, event, id: context.awsRequestId, table: process.env.TABLE, home: process.env.HOME}
}
"""


def written(account: WrittenAccount, code: str = HANDLER, handler: str = "index.handler") -> str:
    return account.write(
        zipped({"index.mjs": code}), runtime="nodejs22.x", handler=handler, memory_mib=256
    )


def test_a_node_function_answers_fails_ends_and_is_stopped_as_lambda_does_it(
    account: WrittenAccount, runner: FunctionRunner
) -> None:
    arn = written(account)
    first = json.loads(runner.invoke(arn, '{"é": "ü"}').payload)
    assert (first["calls"], first["event"], first.get("home")) == (1, {"é": "ü"}, None)
    failed = runner.invoke(arn, '{"fail": "Unauthorized"}')
    assert failed.error == "TypeError"
    assert json.loads(failed.payload)["errorMessage"] == "Unauthorized"
    assert json.loads(runner.invoke(arn, "{}").payload)["calls"] == 3, "the process stays warm"
    ended = runner.invoke(arn, '{"exit": true}')
    assert ended.error == "Runtime.ExitError"
    assert "exit status 7" in ended.payload
    late = runner.invoke(arn, '{"sleep": true}')
    assert late.error == "Sandbox.Timedout"
    assert 'called with {"é":"ü"}' in account.lines


@pytest.mark.parametrize(
    ("code", "handler", "error"),
    [
        (HANDLER, "index.missing", "Runtime.HandlerNotFound"),
        (HANDLER, "other.handler", "Runtime.ImportModuleError"),
        ("export const handler = (", "index.handler", "SyntaxError"),
    ],
)
def test_a_node_function_that_cannot_be_loaded_says_so(
    account: WrittenAccount, runner: FunctionRunner, code: str, handler: str, error: str
) -> None:
    assert runner.invoke(written(account, code, handler), "{}").error == error
