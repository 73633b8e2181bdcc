"""A template is the shop, or it is said what it lacks, in whichever words it was written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.shop import shop
from bench.written import lacks

POLICY = {"Resource": [f"arn:aws:execute-api:::api/{shop.invoked(*each)}" for each in shop.ROUTES]}


def openapi(security: str = "sigv4") -> dict[str, Any]:
    paths: dict[str, Any] = {path: {"options": {}} for path in shop.PATHS}
    for verb, path in shop.ROUTES:
        paths[path][verb.lower()] = {"security": [{security: []}]}
    return {"paths": paths}


def with_a_body() -> dict[str, Any]:
    role = {"AssumeRolePolicyDocument": shop.trust(), "Policies": [POLICY]}
    return {
        "Resources": {
            "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": openapi()}},
            "Caller": {"Type": "AWS::IAM::Role", "Properties": role},
        }
    }


def terraform() -> dict[str, Any]:
    """Two levels of path resources, and a method on each path and verb."""
    places: dict[str, Any] = {}
    methods: dict[str, Any] = {}
    ids = {"": "${aws_api_gateway_rest_api.api.root_resource_id}"}
    for path in shop.PATHS:
        parent, _, part = path.rpartition("/")
        name = path.strip("/").replace("/", "-").strip("{}")
        places[name] = {"parent_id": ids[parent], "path_part": part}
        ids[path] = f"${{aws_api_gateway_resource.{name}.id}}"
    wanted = [(*each, "AWS_IAM") for each in shop.ROUTES]
    wanted += [("OPTIONS", path, "NONE") for path in shop.PATHS]
    for verb, path, authorization in wanted:
        methods[f"{verb} {path}"] = {
            "http_method": verb,
            "resource_id": ids[path],
            "authorization": authorization,
        }
    return {
        "resource": {
            "aws_api_gateway_rest_api": {"api": {}},
            "aws_api_gateway_resource": places,
            "aws_api_gateway_method": methods,
            "aws_iam_role": {"caller": {"assume_role_policy": json.dumps(shop.trust())}},
            "aws_iam_role_policy": {"call": {"policy": json.dumps(POLICY)}},
        }
    }


def written(folder: Path, document: dict[str, Any]) -> Path:
    (folder / "template.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


@pytest.mark.parametrize("document", [with_a_body(), terraform()])
def test_the_whole_shop_lacks_nothing(document: dict[str, Any], tmp_path: Path) -> None:
    assert lacks(written(tmp_path, document)) == []


def test_what_terraform_lacks_is_named(tmp_path: Path) -> None:
    document = terraform()
    methods = document["resource"]["aws_api_gateway_method"]
    methods["GET /pets"]["authorization"] = "NONE"
    methods["OPTIONS /pets"]["authorization"] = "AWS_IAM"
    del methods["OPTIONS /orders"]
    del methods["DELETE /pets/{id}"]
    document["resource"]["aws_iam_role"] = {}
    assert lacks(written(tmp_path, document)) == [
        "routes",
        "AWS_IAM",
        "CORS",
        "open preflights",
        "the caller's role",
    ]


def test_a_role_that_may_call_less_is_not_the_callers(tmp_path: Path) -> None:
    document = terraform()
    document["resource"]["aws_iam_role_policy"] = {"call": {"policy": "{}"}}
    assert lacks(written(tmp_path, document)) == ["the caller's role"]


def test_a_folder_without_an_api_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no template of an API"):
        lacks(written(tmp_path, {"Resources": {}}))
