"""Execute-api ARNs: how IAM policies name stages, methods and paths."""

from __future__ import annotations

import pytest

from gateprint.access.arn import ApiArn, request_pattern

ARN = ApiArn("aws", "us-east-2", "123456789012", "a1b2c3")


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        pytest.param("GET", "/", "dev/GET/", id="the root leaves a slash at the end"),
        pytest.param("GET", "/pets", "dev/GET/pets", id="a fixed path"),
        pytest.param("GET", "/pets/{id}", "dev/GET/pets/*", id="a parameter"),
        pytest.param("GET", "/{a}/b/{c}", "dev/GET/*/b/*", id="parameters in the middle"),
        pytest.param("POST", "/files/{path+}", "dev/POST/files/*", id="the rest of the path"),
        pytest.param("ANY", "/pets", "dev/*/pets", id="every method"),
        pytest.param("ANY", "/{proxy+}", "dev/*/*", id="everything below the root"),
        pytest.param("ANY", "/", "dev/*/", id="every method of the root"),
        pytest.param("GET", "/v1.0/a,b:c", "dev/GET/v1.0/a,b:c", id="signs in a segment"),
    ],
)
def test_a_route_becomes_a_pattern(method: str, path: str, expected: str) -> None:
    assert request_pattern("dev", method, path) == expected
    assert ARN.of("dev", method, path) == f"{ARN}/{expected}"


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_an_arn_names_its_partition(partition: str) -> None:
    arn = ApiArn(partition, "us-east-2", "123456789012", "a1b2c3")
    assert str(arn) == f"arn:{partition}:execute-api:us-east-2:123456789012:a1b2c3"


def test_an_api_id_may_be_a_terraform_reference() -> None:
    arn = ApiArn("aws", "us-east-2", "123456789012", "${aws_api_gateway_rest_api.pets.id}")
    assert arn.of("dev", "GET", "/a").endswith(":${aws_api_gateway_rest_api.pets.id}/dev/GET/a")
