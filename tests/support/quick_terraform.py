"""Ways for tests to spend less time in Terraform's AWS provider, which does the same nevertheless.

Terraform starts the provider two to four times for each command, and each time lets it examine
its own settings. Both take seconds of work:

- One process can serve many commands: developer.hashicorp.com/terraform/plugin/debugging, "Starting
  a provider in debug mode".
- The settings' block `endpoints` takes three seconds each time: terraform-plugin-framework writes
  the whole block into a log context for each of its 300 attributes. AWS_ENDPOINT_URL says the same:
  registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/guides/custom-service-endpoints.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_ATTACH = re.compile(r"TF_REATTACH_PROVIDERS='(\{.*\})'")


def quick_environment(environ: Mapping[str, str], endpoint: str) -> dict[str, str]:
    """Return `environ` with the endpoint of all services, and nothing else of the user's AWS."""
    kept = {name: text for name, text in environ.items() if not name.startswith("AWS_")}
    return kept | {"AWS_ENDPOINT_URL": endpoint}


def drop_endpoints(configuration: Path) -> None:
    """Take the endpoints out of a synthesized provider: `quick_environment` has them."""
    document = json.loads(configuration.read_text(encoding="utf-8"))
    for each in document["provider"]["aws"]:
        del each["endpoints"]
    configuration.write_text(json.dumps(document, indent=2), encoding="utf-8")


@contextmanager
def standing_provider(folder: Path, environ: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Start the provider that `terraform init` found; yield `environ` with its address.

    For commands that follow one another: it has one configuration at a time, the last command's.
    """
    (program,) = (folder / ".terraform" / "providers").glob("*/hashicorp/aws/*/*/*-provider-aws_*")
    process = subprocess.Popen(
        [str(program), "-debug"],
        cwd=folder,
        env={**environ},
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert process.stdout is not None
        yield {**environ, "TF_REATTACH_PROVIDERS": _address(process.stdout)}
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _address(output: IO[str]) -> str:
    for line in output:
        if found := _ATTACH.search(line):
            return found[1]
    raise AssertionError("the provider ended before it said how to attach it")
