"""The shop with CDKTF, or its fork CDK Terrain, as they are published: `main.py PACKAGE OUT`."""

import json
import sys
from importlib import import_module
from pathlib import Path

PACKAGE, OUT = sys.argv[1:]
PROVIDER = {"cdktf": "cdktf_cdktf_provider_aws", "cdktn": "cdktn_provider_aws"}[PACKAGE]
sys.path.append(str(Path(__file__).parents[1]))
import shop

core = import_module(PACKAGE)


def of(module: str, name: str):
    """Return a class of the provider's bindings."""
    return getattr(import_module(f"{PROVIDER}.{module}"), name)


AwsProvider = of("provider", "AwsProvider")
RestApi = of("api_gateway_rest_api", "ApiGatewayRestApi")
Resource = of("api_gateway_resource", "ApiGatewayResource")
Method = of("api_gateway_method", "ApiGatewayMethod")
MethodResponse = of("api_gateway_method_response", "ApiGatewayMethodResponse")
Integration = of("api_gateway_integration", "ApiGatewayIntegration")
IntegrationResponse = of("api_gateway_integration_response", "ApiGatewayIntegrationResponse")
Deployment = of("api_gateway_deployment", "ApiGatewayDeployment")
Stage = of("api_gateway_stage", "ApiGatewayStage")
Function = of("lambda_function", "LambdaFunction")
Permission = of("lambda_permission", "LambdaPermission")
Role = of("iam_role", "IamRole")
RolePolicy = of("iam_role_policy", "IamRolePolicy")
ALLOWED = "method.response.header.Access-Control-Allow-"


class Shop(core.TerraformStack):
    """Everything that the shop has."""

    def __init__(self, scope) -> None:
        super().__init__(scope, "shop")
        AwsProvider(self, "aws", region="us-east-2")
        self.api = RestApi(self, "api", name="shop")
        self.function = self._function()
        places = self._places()
        made = [self._method(places[path], verb, path) for verb, path in shop.ROUTES]
        made += [self._preflight(places[path], path) for path in shop.PATHS]
        deployment = Deployment(self, "deployment", rest_api_id=self.api.id, depends_on=made)
        Stage(
            self,
            "stage",
            stage_name=shop.STAGE,
            rest_api_id=self.api.id,
            deployment_id=deployment.id,
        )
        self._caller()

    def _function(self):
        runs = {"Service": "lambda.amazonaws.com"}
        statement = {"Effect": "Allow", "Principal": runs, "Action": "sts:AssumeRole"}
        trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        role = Role(self, "runs", assume_role_policy=trust)
        found = Function(
            self,
            "function",
            function_name="shop",
            role=role.arn,
            runtime="python3.12",
            handler="app.handler",
            filename="handler.zip",
        )
        Permission(
            self,
            "called",
            action="lambda:InvokeFunction",
            function_name=found.function_name,
            principal="apigateway.amazonaws.com",
            source_arn=f"{self.api.execution_arn}/*/*",
        )
        return found

    def _places(self) -> dict[str, str]:
        """Return the resource's id of each path."""
        places = {"": self.api.root_resource_id}
        for path in shop.PATHS:
            parts = path.strip("/").split("/")
            for depth, part in enumerate(parts, 1):
                here, parent = "/".join(parts[:depth]), "/".join(parts[: depth - 1])
                if here not in places:
                    places[here] = Resource(
                        self,
                        f"at-{here}".replace("/", "-"),
                        rest_api_id=self.api.id,
                        parent_id=places[parent],
                        path_part=part,
                    ).id
        return {f"/{path}": place for path, place in places.items()}

    def _method(self, place: str, verb: str, path: str):
        method = self._bare_method(place, verb, path, "AWS_IAM")
        return Integration(
            self,
            f"integration-{_title(verb, path)}",
            rest_api_id=self.api.id,
            resource_id=place,
            http_method=method.http_method,
            type="AWS_PROXY",
            integration_http_method="POST",
            uri=self.function.invoke_arn,
        )

    def _bare_method(self, place: str, verb: str, path: str, authorization: str):
        return Method(
            self,
            f"method-{_title(verb, path)}",
            rest_api_id=self.api.id,
            resource_id=place,
            http_method=verb,
            authorization=authorization,
        )

    def _preflight(self, place: str, path: str):
        verbs = ",".join(["OPTIONS", *(verb for verb, at in shop.ROUTES if at == path)])
        headers = {
            f"{ALLOWED}Origin": f"'{shop.ORIGIN}'",
            f"{ALLOWED}Methods": f"'{verbs}'",
            f"{ALLOWED}Headers": "'Content-Type,X-Amz-Date,Authorization,X-Amz-Security-Token'",
        }
        title = _title("OPTIONS", path)
        method = self._bare_method(place, "OPTIONS", path, "NONE")
        at = {"rest_api_id": self.api.id, "resource_id": place, "http_method": method.http_method}
        integration = Integration(
            self,
            f"integration-{title}",
            **at,
            type="MOCK",
            request_templates={"application/json": '{"statusCode": 204}'},
        )
        response = MethodResponse(
            self,
            f"response-{title}",
            **at,
            status_code="204",
            response_parameters=dict.fromkeys(headers, True),
        )
        return IntegrationResponse(
            self,
            f"answer-{title}",
            **at,
            status_code=response.status_code,
            response_parameters=headers,
            depends_on=[integration],
        )

    def _caller(self) -> None:
        role = Role(self, "caller", name=shop.ROLE, assume_role_policy=json.dumps(shop.trust()))
        start = f"{self.api.execution_arn}/"
        statement = {
            "Effect": "Allow",
            "Action": "execute-api:Invoke",
            "Resource": [start + shop.invoked(*route) for route in shop.ROUTES],
        }
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        RolePolicy(self, "call", name="call", role=role.name, policy=document)


def _title(verb: str, path: str) -> str:
    return verb.lower() + path.replace("/", "-").replace("{", "").replace("}", "")


if __name__ == "__main__":
    app = core.App(outdir=OUT)
    Shop(app)
    app.synth()
