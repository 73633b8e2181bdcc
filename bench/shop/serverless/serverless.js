// The shop with the Serverless Framework 3, which writes CloudFormation.
const routes = ["GET /pets", "POST /pets", "GET /pets/{id}", "PUT /pets/{id}", "DELETE /pets/{id}",
  "GET /orders", "POST /orders", "GET /orders/{id}", "GET /owners", "GET /owners/{id}"];

const invoked = (route) => {
  const [method, path] = route.split(" ");
  const start = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:";
  return {"Fn::Sub": `${start}\${ApiGatewayRestApi}/dev/${method}${path.replace("{id}", "*")}`};
};

module.exports = {
  service: "shop",
  frameworkVersion: "3",
  provider: {name: "aws", runtime: "python3.12", region: "us-east-2", stage: "dev"},
  package: {patterns: ["!**", "app.py"]},
  functions: {
    shop: {
      handler: "app.handler",
      events: routes.map((each) => {
        const [method, path] = each.split(" ");
        return {http: {method, path, authorizer: "aws_iam", cors: true}};
      }),
    },
  },
  resources: {Resources: {Caller: {
    Type: "AWS::IAM::Role",
    Properties: {
      RoleName: "shop-caller",
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{
        Effect: "Allow",
        Principal: {Federated: "arn:aws:iam::123456789012:saml-provider/auth0"},
        Action: "sts:AssumeRoleWithSAML",
        Condition: {StringEquals: {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
      }]},
      Policies: [{PolicyName: "call", PolicyDocument: {Version: "2012-10-17", Statement: [
        {Effect: "Allow", Action: "execute-api:Invoke", Resource: routes.map(invoked)},
      ]}}],
    },
  }}},
};
