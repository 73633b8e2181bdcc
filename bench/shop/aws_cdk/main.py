"""The shop with AWS CDK, which writes CloudFormation: `main.py OUT`."""

import sys
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as functions

sys.path.append(str(Path(__file__).parents[1]))
import shop


class Shop(cdk.Stack):
    """Everything that the shop has."""

    def __init__(self, scope: cdk.App) -> None:
        super().__init__(scope, "shop")
        code = (Path(__file__).parents[1] / "handler" / "app.py").read_text(encoding="utf-8")
        function = functions.Function(
            self,
            "Function",
            runtime=functions.Runtime.PYTHON_3_12,
            handler="index.handler",
            code=functions.Code.from_inline(code),
        )
        api = apigateway.RestApi(
            self,
            "Api",
            deploy_options=apigateway.StageOptions(stage_name=shop.STAGE),
            default_cors_preflight_options=apigateway.CorsOptions(allow_origins=[shop.ORIGIN]),
        )
        integration = apigateway.LambdaIntegration(function)
        for verb, path in shop.ROUTES:
            api.root.resource_for_path(path).add_method(
                verb, integration, authorization_type=apigateway.AuthorizationType.IAM
            )
        self._caller(api)

    def _caller(self, api: apigateway.RestApi) -> None:
        provider = iam.FederatedPrincipal(
            shop.SAML_PROVIDER,
            {"StringEquals": {"SAML:aud": shop.AUDIENCE}},
            "sts:AssumeRoleWithSAML",
        )
        role = iam.Role(self, "Caller", role_name=shop.ROLE, assumed_by=provider)
        arns = [
            api.arn_for_execute_api(
                verb, "/" + shop.invoked(verb, path).split("/", 2)[2], shop.STAGE
            )
            for verb, path in shop.ROUTES
        ]
        role.add_to_policy(iam.PolicyStatement(actions=["execute-api:Invoke"], resources=arns))


if __name__ == "__main__":
    app = cdk.App(outdir=sys.argv[1])
    Shop(app)
    app.synth()
