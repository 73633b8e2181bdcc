"""The examples that every `--help` ends with, by command; pure.

A test parses each of them, so that none names an option that does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping

import click

# The name of the program is left out.
EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "": ("init shop", "validate", "access --environment local"),
    "init": ("init shop",),
    "new": ("new to-read",),
    "validate": ("validate", "validate blueprints/pets.yaml --format json"),
    "access": ("access --environment prod", "access --against main", "access --from cdktf.out"),
    "can": ('can pets-auditor prod "GET /pets/7"', 'can keeper prod "POST /pets" --deployed'),
    "who-can": ('who-can prod "GET /pets/7"',),
    "identity": ("identity pets-auditor --environment prod --for okta",),
    "saml": ("saml check response.txt --role pets-auditor --environment prod",),
    "saml check": (
        "saml check response.txt --role pets-auditor --environment prod",
        "saml check - --role pets-auditor --at 2026-11-22T13:05:00Z",
    ),
    "show": ("show --environment local",),
    "export": ("export pets", "export pets prod --for readers --format json"),
    "import": ("import openapi petstore.yaml",),
    "import openapi": ("import openapi petstore.yaml --out blueprints/petstore.yaml",),
    "import aws": ("import aws a1b2c3d4e5 --environment nonprod --imports new.tf.json",),
    "synth": ("synth --environment nonprod",),
    "plan": ("plan --environment nonprod --out runs/first", "plan pets-nonprod"),
    "review": ("review runs/first", "review --against main --write html=review.html"),
    "comment": ("comment runs/first", "comment report.md --on github --number 7"),
    "apply": ("apply runs/first", "apply runs/first --resume --max-destroy stage=1"),
    "promote": (
        "promote catalogue --to prod --canary 10",
        "promote catalogue --to prod --release 2026-11-20-1",
    ),
    "drift": ("drift --environment prod", "drift --sample 10% --format markdown"),
    "report": ("report runs/first --format junit --out report.xml",),
    "state": ("state list --environment prod",),
    "state init": ("state init --environment nonprod", "state init --check"),
    "state list": ("state list --environment prod --format json",),
    "state unlock": ("state unlock pets-nonprod",),
    "shards": ("shards --number 8 --format github",),
    "bundle": ("bundle push runs/first --environment prod",),
    "bundle push": ("bundle push runs/first --environment prod",),
    "bundle pull": ("bundle pull --manifest shards.json --shard 1/8 --out runs/first",),
    "ci-policy": ("ci-policy --for plan --trust github:acme/apis --out policies",),
    "verify": (
        "verify --environment local",
        "verify --environment prod --profile keeper=acme-keeper",
    ),
    "sdk": (
        "sdk pets prod --language typescript --out client",
        "sdk pets prod --language python --role pets-auditor --out client",
    ),
    "local": ("local start", "local stop"),
    "local start": ("local start",),
    "local stop": ("local stop",),
    "local status": ("local status --format json",),
    "logs": ("logs --follow",),
    "doctor": ("doctor",),
    "setup": ("setup",),
    "setup-providers": ("setup-providers",),
    "schema": ("schema > gateprint.schema.json", "schema environment --format markdown"),
    "completion": (
        "completion bash > ~/.gateprint.bash",
        "completion fish > ~/.config/fish/completions/gateprint.fish",
    ),
    "man": ("man > gateprint.1",),
}


def add_examples(command: click.Command, name: str = "") -> None:
    """Let a command's help end with its examples, and that of the commands below it with theirs."""
    lines = [f"  gateprint {each}" for each in EXAMPLES.get(name, ())]
    # click leaves the lines of a paragraph alone that begins with this sign.
    block = "\n".join(["\b", "Examples:" if lines[1:] else "Example:", *lines]) if lines else ""
    command.epilog = "\n\n".join(filter(None, [block, command.epilog]))
    if isinstance(command, click.Group):
        for below, each in command.commands.items():
            add_examples(each, f"{name} {below}".strip())
