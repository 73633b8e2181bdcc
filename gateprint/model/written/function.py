"""A Lambda function, as a blueprint says it; pure."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gateprint.model import fields, kinds
from gateprint.model.schema import Model
from gateprint.model.written.logs import RetentionDays


class Function(Model):
    """A Lambda function, built from `lambdas/<source>`.

    It is called `<blueprint>-<environment>-<function>`, at most 64 characters, and has a log group.
    All functions of a stack run as one role, `<blueprint>-<environment>-functions`, which may write
    to those log groups and nothing else.

    With `proxy: true` the function receives API Gateway's event and answers with status, headers
    and body. `lambdas/shared/http.py` builds such an answer and adds the CORS header from
    `ALLOWED_ORIGINS`, a variable that gateprint sets.

    With `proxy: false` API Gateway maps both ways. The function receives `{"body", "path", "query",
    "caller"}` and returns the answer's body. An exception whose text begins with `[400] ` becomes
    status 400 with the rest as message; every other failure becomes 500 with a fixed body, so that
    no stack trace is shown.
    """

    source: Annotated[str, kinds.matching(r"[a-z][a-z0-9_-]{0,63}", "a folder of lambdas/", "pets")]
    """Folder of `lambdas/` that is packed. `lambdas/shared` goes into every archive.

    In AWS: the archive
    """
    handler: Annotated[
        str,
        kinds.matching(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*){1,4}", "module.function", "app.list_pets"),
    ]
    """Where the function begins, as `module.function` of the source.

    In AWS: the handler
    """
    runtime: Literal["python3.10", "python3.11", "python3.12", "python3.13"] = "python3.12"
    """Version of Python.

    In AWS: the runtime
    """
    proxy: kinds.Boolean = True
    """Whether the function gets API Gateway's event and answers for itself (`true`), or API
    Gateway maps both ways (`false`).

    In AWS: integration type `AWS_PROXY` or `AWS`
    """
    description: Annotated[str, kinds.text(256, "the description")] | None = Field(
        default=None, examples=["Lists the pets."]
    )
    """What the function does, in one line.

    In AWS: the function's description
    """
    memory_mib: Annotated[int, kinds.integer(128, 10_240)] = 128
    """Memory in MiB; the share of the processor grows with it.

    In AWS: `memory_size`
    """
    timeout: Annotated[int, kinds.duration("1s", "29s")] = 10
    """How long the function may run. API Gateway gives up after 29 seconds.

    In AWS: `timeout`, in seconds
    """
    tracing: kinds.Boolean | None = None
    """Whether the function adds its part to X-Ray's traces, of stages with `tracing`. All functions
    of the blueprint may write to X-Ray then: they share a role.

    Default: whatever the function has; at first, none

    In AWS: `tracing_config`, `Active` or `PassThrough`, and permissions of the functions' role
    """
    environment: dict[
        fields.VariableName,
        Annotated[str, kinds.text(4096, "the value")],
    ] = Field(default_factory=dict, max_length=50)
    """Environment variables. They are no place for secrets.

    Key: the variable's name, a letter and then letters, digits and `_`, at least 2

    In AWS: the function's environment
    """
    log_retention_days: RetentionDays = "30"
    """Days for which CloudWatch Logs keeps what the function writes.

    In AWS: `retention_in_days` of the log group
    """
