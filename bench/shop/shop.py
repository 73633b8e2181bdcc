"""The API that every tool makes: ten AWS_IAM routes with CORS, one federated role."""

ROUTES = (
    ("GET", "/pets"),
    ("POST", "/pets"),
    ("GET", "/pets/{id}"),
    ("PUT", "/pets/{id}"),
    ("DELETE", "/pets/{id}"),
    ("GET", "/orders"),
    ("POST", "/orders"),
    ("GET", "/orders/{id}"),
    ("GET", "/owners"),
    ("GET", "/owners/{id}"),
)
PATHS = tuple(dict.fromkeys(path for _method, path in ROUTES))
ORIGIN = "*"
STAGE = "dev"
SAML_PROVIDER = "arn:aws:iam::123456789012:saml-provider/auth0"
AUDIENCE = "https://signin.aws.amazon.com/saml"
ROLE = "shop-caller"


def trust() -> dict[str, object]:
    """Return the trust policy of the role."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": SAML_PROVIDER},
        "Action": "sts:AssumeRoleWithSAML",
        "Condition": {"StringEquals": {"SAML:aud": AUDIENCE}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def invoked(method: str, path: str) -> str:
    """Return the end of the ARN that the role may invoke, after the API's id."""
    return f"{STAGE}/{method}/" + "/".join(
        "*" if each.startswith("{") else each for each in path.strip("/").split("/")
    )
