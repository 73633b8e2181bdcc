"""Mistakes in blueprints/orders.yaml."""

from tests.mistakes.mistake import Mistake

MISTAKES = (
    Mistake(
        "an environment's name written out",
        ("  prod:\n    environment: prod\n", "  prod:\n    environment: »production\n"),
        "unknown-environment",
        "use one of local, nonprod, prod",
        ("production", "prod"),
    ),
    Mistake(
        "AWS's word for auth: iam",
        (
            "      GET /orders:\n        function: orders\n",
            "      GET /orders:\n        function: orders\n        auth: »AWS_IAM\n",
        ),
        "unknown-value",
        "did you mean iam?",
        ("AWS_IAM", "iam"),
    ),
    Mistake(
        "a timeout without its unit",
        ("timeout: 5s  ", "timeout: »5  "),
        "wrong-duration",
        "did you mean 5s?",
        ("timeout: 5 ", "timeout: 5s "),
    ),
    Mistake(
        "a timeout longer than API Gateway waits",
        ("timeout: 5s  ", "timeout: »30s  "),
        "wrong-duration",
        "write a duration from 1s to 29s",
        ("timeout: 30s", "timeout: 29s"),
    ),
    Mistake(
        "memory with its unit",
        ("memory_mib: 256 ", "memory_mib: »256MB "),
        "wrong-number",
        "write a whole number from 128 to 10240",
        ("256MB", "256"),
    ),
    Mistake(
        "an address copied from another route",
        ("https://parcels.example.com/v2/{shipment}", "»https://parcels.example.com/v2/{id}"),
        "unknown-parameter",
        "use one of order, shipment",
        ("v2/{id}", "v2/{shipment}"),
    ),
    Mistake(
        "a log level that others have",
        ("log_level: error", "log_level: »warn"),
        "unknown-value",
        "use one of off, error, info",
        ("warn", "error"),
    ),
    Mistake(
        "a stage renamed, and a role that is granted it",
        ("  test:\n    environment", "  staging:\n    environment", "[dev, test]", "[dev, »test]"),
        "unknown-stage",
        "use one of dev, staging, prod",
        ("[dev, test]", "[dev, staging]"),
    ),
    Mistake(
        "another name for the same parameter",
        (
            "      GET /orders/{order}/lines:\n",
            (
                "      »PUT /orders/{id}/notes:\n        function: orders\n"
                "      GET /orders/{order}/lines:\n"
            ),
        ),
        "sibling-parameters",
        "write {order} in both",
        ("/orders/{id}/notes", "/orders/{order}/notes"),
    ),
    Mistake(
        "an existing role with an identity provider",
        ("    existing: true  ", "    existing: true\n    »identity_provider: auth0  "),
        "existing-role",
        "remove identity_provider",
        ("    identity_provider: auth0  ", "  "),
    ),
    Mistake(
        "yes for true",
        ("existing: true ", "existing: »yes "),
        "wrong-type",
        "did you mean true?",
        ("existing: yes", "existing: true"),
    ),
    Mistake(
        "a dash is missing among others",
        ("          - DELETE /orders/{order}\n", "          »DELETE /orders/{order}\n"),
        "not-yaml",
        'begin it with "- "',
        ("          DELETE", "          - DELETE"),
    ),
    Mistake(
        "the first dash is missing",
        ("          - POST /carts\n", "          »POST /carts\n"),
        "wrong-type",
        "still belongs to this text",
        ("          POST /carts\n", "          - POST /carts\n"),
    ),
    Mistake(
        "no space after a dash",
        ("          - POST /carts\n", "          »-POST /carts\n"),
        "wrong-type",
        'begin it with "- "',
        ("          -POST /carts\n", "          - POST /carts\n"),
    ),
    Mistake(
        "one accepted value, not in a list",
        ("edupersonaffiliation: [staff]", "edupersonaffiliation: »staff"),
        "wrong-type",
        "put it in brackets: [staff]",
        (": staff ", ": [staff] "),
    ),
    Mistake(
        "yes for true in a stage",
        ("tracing: true      ", "tracing: »yes      "),
        "wrong-type",
        "did you mean true?",
        ("tracing: yes", "tracing: true"),
    ),
    Mistake(
        "JSON that is not quoted",
        ('body: \'{"status": "ok"}\'', '»body: {"status": "ok"}'),
        "wrong-type",
        "put it in quotes",
        ('{"status": "ok"}', '\'{"status": "ok"}\''),
    ),
    Mistake(
        "the first of two functions one space too far",
        (
            "   carts:\n    source".replace("   ", "  ", 1),
            "   carts:\n    source",
            "  orders:\n    source: orders\n    handler: app.handle_orders",
            "  »orders:\n    source: orders\n    handler: app.handle_orders",
        ),
        "not-yaml",
        "indent both alike",
        ("   carts:\n", "  carts:\n"),
    ),
    Mistake(
        "a retention that CloudWatch does not offer",
        ("retention_days: 90}", "retention_days: »100}"),
        "unknown-value",
        "use one of 1, 3, 5, 7, 14, 30, 60, 90, 180, 365, 731",
        ("days: 100}", "days: 90}"),
    ),
    Mistake(
        "a route's description not indented",
        ("        description: Cancels an order", "      »description: Cancels an order"),
        "unknown-field",
        'indent it below "DELETE /orders/{order}"',
        ("      description: Cancels", "        description: Cancels"),
    ),
    Mistake(
        "no decision about an overreach",
        (
            (
                "        overreach: deny                     "
                "# packers need neither: adds a Deny for both\n"
            ),
            "",
            "- GET /orders/{order}             # IAM's * reaches invoices",
            "- »GET /orders/{order}             # IAM's * reaches invoices",
        ),
        "overreach",
        "overreach: deny",
        (
            "          - GET /orders/{order}/shipments/{shipment}\n  pets-auditor",
            (
                "          - GET /orders/{order}/shipments/{shipment}\n        overreach: deny\n"
                "  pets-auditor"
            ),
        ),
    ),
)
