"""A project whose every free-text field is hostile: to Terraform, CDKTF, IAM and Velocity."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.project import ROOT

STAGES, ROUTES, FUNCTIONS, ROLES, TAGS, POOLS = 5, 8, 3, 5, 24, 2

TEMPLATES = (
    *("${", "%{", "$${", "%%{", "$$${", "%%%{", "}", "${}", "%{}", "~}", "${~", "%{~"),
    *('${file("/etc/passwd")}', "${path.module}", "${var.x}", '${"${1 + 1}"}', "${1 +"),
    *("%{ if true }x%{ endif }", "%{ for x in [1] }", "<<EOF", "<<-EOT", "EOF", "/*", "//", "# "),
)
TOKENS = ("${Token[TOKEN.0]}", "#{Token[TOKEN.1]}", "${Token", "Token[a.1]", "${tftoken[TOKEN.2]}")
REFERENCES = ("${aws_iam_role.x.arn}", "${aws_api_gateway_rest_api.api.id}", "aws_iam_role.x.arn")
CODE = (
    *('{"Fn::Sub": "${AWS::Region}"}', '{"Ref": "x"}', "Fn::GetAtt", '"}],"a":[{"', "'; --"),
    *("`${1}`", "$(id)", "{{x}}", "<%= 1 %>", "</script>", "$input.json('$')", "#set($a = 1)"),
    *("#end", "#if(true)", "##", "#*", "$context.stage", "$!{x}", "null", "true", "~", "0x1F"),
)
SIGNS = ('"', "'", "\\", "\\\\", "\\n", "\\u0024{", "$", "%", "#", "{", "[", "&", ": ", "- ", ",")
WORDS = ("a", "word", " ", "ü", "ß", "¶", "§", "®")
BEYOND_LATIN_1 = ("€", "😀", "漢字", "\u202e", "\u200b", "\ufe0f", "ﷺ", "$\u0338{", "＄{", "\ufffd")
PIECES = TEMPLATES + TOKENS + REFERENCES + CODE + SIGNS + WORDS + BEYOND_LATIN_1


class Texts:
    """Makes hostile texts, each another one, the same ones in every run."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311
        self.made: set[str] = set()

    def text(self, longest: int = 200, start: str = "") -> str:
        """Return a text of any characters but control characters."""
        return self._new(PIECES, longest, start)

    def latin_1(self, longest: int = 200) -> str:
        """Return one that IAM takes in descriptions."""
        return self._new([each for each in PIECES if each not in BEYOND_LATIN_1], longest)

    def claim(self, longest: int = 40) -> str:
        """Return one that may enter a policy."""
        pieces = [
            each for each in PIECES if each not in BEYOND_LATIN_1 and not set("*?$") & {*each}
        ]
        return self._new(pieces, longest)

    def variable(self) -> str:
        """Return one that a stage variable can have."""
        return self._new(("Fn::", "#set", "##", "//", "?a=b&", "~", "EOF", "Token"), 64)

    def words(self) -> str:
        """Return one without any sign, letters first."""
        return self._new(WORDS + BEYOND_LATIN_1[:3], 200, "w")

    def _new(self, pieces: Sequence[str], longest: int, start: str = "") -> str:
        while True:
            chosen = self._random.choices(pieces, k=self._random.randint(1, 9))
            made = (start + "".join(chosen))[:longest]
            if made not in self.made and made.strip() == made:
                self.made.add(made)
                return made


def blueprint(number: int, texts: Texts) -> dict[str, Any]:
    """Return a blueprint whose every free-text field is hostile, most of them several times."""
    return {
        "blueprint": 1,
        "name": f"b{number}",
        "owner": texts.text(),
        "description": texts.text(1024),
        "stages": {
            f"s{index}": {
                "environment": "hostile",
                "description": texts.text(1024),
                "variables": {"v": texts.variable()},
            }
            for index in range(STAGES)
        },
        "apis": {f"b{number}": {"description": texts.text(1024), **_apis(number, texts)}},
        "functions": {f"f{index}": _function(texts) for index in range(FUNCTIONS)},
        "user_pools": {
            f"pool{index}": {"scopes": {f"pets/s{index}": texts.text(256)}}
            for index in range(POOLS)
        },
        "authorizers": {"pools": {"user_pools": [f"pool{index}" for index in range(POOLS)]}},
        "plans": {
            f"p{index}": {"description": texts.text(1024), "stages": "all", "keys": [f"k{index}"]}
            for index in range(FUNCTIONS)
        },
        "roles": {f"b{number}r{index}": _role(index, texts) for index in range(ROLES)},
    }


def _apis(number: int, texts: Texts) -> dict[str, Any]:
    """Return routes with mocks; every other API chooses among origins before a body."""
    origins = ["https://a.example", "https://b.example"]
    routes: dict[str, Any] = {
        f"GET /r{index}": {
            "description": texts.text(1024),
            "mock": {"status": 200, "body": texts.text(1024) if index else texts.words()},
            "auth": "none",
            "public": texts.text(1024),
        }
        for index in range(ROUTES)
    }
    routes["GET /k"] = {"function": "f0", "api_key": True}
    # `%{` opens a directive of Terraform.
    routes["GET /t"] = {"mock": {"status": 200}, "auth": "cognito"}
    routes["GET /h/{id}"] = {"http": f"https://h.example/{number}/%{{id}}/{{id}}~%"}
    routes |= {"GET /x/{id}": {"function": "f0"}, "GET /x/{id}/y": {"function": "f1"}}
    return {"routes": routes} | ({"cors": {"origins": origins}} if number % 2 else {})


def _function(texts: Texts) -> dict[str, Any]:
    return {
        "source": "noop",
        "handler": "app.handler",
        "description": texts.text(),
        "environment": {f"V{index}": texts.text() for index in range(4)},
    }


def _role(index: int, texts: Texts) -> dict[str, Any]:
    reason = texts.text(200, "accepted because x")
    return {
        "identity_provider": "auth0",
        "description": texts.latin_1(),
        "when": {
            "edupersonaffiliation": [texts.claim(), texts.claim()],
            "sub": [texts.claim(), texts.claim()],
        },
        "allow": [
            {"stages": [f"s{index}"], "routes": ["GET /x/{id}"], "overreach": reason},
            {"stages": ["s0"] if index else ["s1"], "routes": "all"},
        ],
    }


def environment(texts: Texts) -> dict[str, Any]:
    return {
        "environment": "hostile",
        "account": "123456789012",
        "region": "us-east-2",
        "state": {"bucket": "acme-state"},
        "identity_providers": {
            "auth0": {"issuer": "urn:acme.auth0.com", "metadata": "identity/auth0.xml"}
        },
        "tags": {texts.text(100): texts.text() for _ in range(TAGS)},
    }


@dataclass(frozen=True)
class Project:
    """The written files as data, by name, and their folder."""

    root: Path
    blueprints: Mapping[str, dict[str, Any]]
    environment: dict[str, Any]

    def write(self) -> None:
        for folder, name, data in (
            *(("blueprints", name, data) for name, data in self.blueprints.items()),
            ("config", "hostile", self.environment),
        ):
            path = self.root / folder / f"{name}.yaml"
            path.parent.mkdir(exist_ok=True)
            # JSON is YAML.
            path.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")


def make_project(root: Path, texts: Texts, blueprints: int) -> Project:
    (root / "config").mkdir(parents=True)
    shutil.copytree(ROOT / "config" / "identity", root / "config" / "identity")
    (root / "lambdas").symlink_to(ROOT / "lambdas")
    made = {f"b{number}": blueprint(number, texts) for number in range(blueprints)}
    project = Project(root, made, environment(texts))
    project.write()
    return project
