"""The shop with Chalice."""

from chalice import Chalice, IAMAuthorizer

app = Chalice(app_name="shop")
IAM = IAMAuthorizer()


@app.route("/pets", methods=["GET", "POST"], cors=True, authorizer=IAM)
@app.route("/orders", methods=["GET", "POST"], cors=True, authorizer=IAM)
@app.route("/owners", methods=["GET"], cors=True, authorizer=IAM)
def many():
    """Answer with nothing."""
    return {}


@app.route("/pets/{id}", methods=["GET", "PUT", "DELETE"], cors=True, authorizer=IAM)
@app.route("/orders/{id}", methods=["GET"], cors=True, authorizer=IAM)
@app.route("/owners/{id}", methods=["GET"], cors=True, authorizer=IAM)
def one(id):
    """Answer with nothing."""
    return {}
