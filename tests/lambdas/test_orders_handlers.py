"""The orders functions answer each route of the blueprint, and refuse everything else plainly."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

BLUEPRINT = Path(__file__).parents[2] / "blueprints" / "orders.yaml"
BONES = {"product": "dog-bone", "quantity": 2}
MICE = {"product": "toy-mouse", "quantity": 1}


class Shop:
    """Sends requests to the functions as API Gateway does, on one stage."""

    def __init__(self, app: ModuleType, table: str = "orders-dev") -> None:
        self._app = app
        self._table = table

    def send(self, route: str, body: object = None, **path: str) -> tuple[int, Any]:
        """Return the status and the body of the answer to one request."""
        method, _, resource = route.partition(" ")
        handle = self._app.handle_carts if "cart" in resource else self._app.handle_orders
        event = {
            "httpMethod": method,
            "resource": resource,
            "pathParameters": path or None,
            "stageVariables": {"table": self._table},
            "headers": {},
            "body": None if body is None else json.dumps(body),
        }
        answered = handle(event, None)
        return answered["statusCode"], json.loads(answered["body"])

    def order(self, *lines: object) -> str:
        """Place an order, and return its id."""
        status, body = self.send("POST /orders", {"lines": lines or [BONES, MICE]})
        assert status == 201
        return str(body["order"])

    def cart(self) -> str:
        """Open a cart, and return its id."""
        status, body = self.send("POST /carts")
        assert status == 201
        return str(body["cart"])

    def put(self, cart: str, product: str, quantity: object) -> tuple[int, Any]:
        body = {"quantity": quantity}
        return self.send("PUT /carts/{cart}/lines/{product}", body, cart=cart, product=product)


@pytest.fixture
def app(load_app: Callable[[str], ModuleType]) -> ModuleType:
    return load_app("orders")


@pytest.fixture
def shop(app: ModuleType) -> Shop:
    return Shop(app)


def test_each_function_knows_exactly_the_routes_that_the_blueprint_gives_it(
    app: ModuleType,
) -> None:
    routes = yaml.safe_load(BLUEPRINT.read_text(encoding="utf-8"))["apis"]["orders"]["routes"]
    for function, actions in (("carts", app._CARTS), ("orders", app._ORDERS)):
        assert set(actions) == {
            key for key, route in routes.items() if route.get("function") == function
        }


def test_a_cart_is_opened_filled_and_emptied(shop: Shop) -> None:
    cart = shop.cart()
    assert shop.put(cart, "dog-bone", 2) == (200, {"cart": cart, "lines": {"dog-bone": 2}})
    assert shop.put(cart, "dog-bone", 3)[1]["lines"] == {"dog-bone": 3}
    assert shop.send("GET /carts/{cart}", cart=cart)[1]["lines"] == {"dog-bone": 3}
    removed = shop.send("DELETE /carts/{cart}/lines/{product}", cart=cart, product="dog-bone")
    assert removed == (200, {"cart": cart, "lines": {}})


def test_an_order_is_placed_listed_and_cancelled(shop: Shop) -> None:
    order = shop.order(BONES)
    shown = {"order": order, "lines": [{"line": 1, **BONES}], "sent": []}
    assert shop.send("GET /orders") == (200, {"orders": [order]})
    assert shop.send("GET /orders/{order}", order=order) == (200, shown)
    assert shop.send("DELETE /orders/{order}", order=order) == (200, shown)
    assert shop.send("GET /orders") == (200, {"orders": []})


def test_a_line_changes_until_it_is_sent(shop: Shop) -> None:
    order = shop.order()
    route = "PATCH /orders/{order}/lines/{line}"
    changed = shop.send(route, {"quantity": 5}, order=order, line="2")
    assert changed == (200, {"line": 2, "product": "toy-mouse", "quantity": 5})
    assert shop.send("GET /orders/{order}/lines", order=order)[1]["lines"][1]["quantity"] == 5
    shop.send("POST /orders/{order}/shipments", {"lines": [2]}, order=order)
    assert shop.send(route, {"quantity": 6}, order=order, line="2")[0] == 409
    assert shop.send(route, {"quantity": 6}, order=order, line="1")[0] == 200


def test_a_shipment_takes_lines_once_and_ends_cancelling(shop: Shop) -> None:
    order = shop.order()
    send = "POST /orders/{order}/shipments"
    sent = (201, {"shipment": "1", "lines": [2]})
    assert shop.send(send, {"lines": [2]}, order=order) == sent
    assert shop.send(send, {"lines": [1, 2]}, order=order)[0] == 409
    assert shop.send(send, {"lines": [1, 1]}, order=order)[0] == 409
    found = shop.send("GET /orders/{order}/shipments/{shipment}", order=order, shipment="1")
    assert found == (200, {"shipment": "1", "lines": [2]})
    assert shop.send("DELETE /orders/{order}", order=order)[0] == 409


def test_stages_share_no_orders(app: ModuleType) -> None:
    order = Shop(app, "orders-dev").order()
    assert Shop(app, "orders-test").send("GET /orders/{order}", order=order)[0] == 404


def test_what_is_not_there_is_said_so(shop: Shop) -> None:
    cart, order = shop.cart(), shop.order()
    for route, path in (
        ("GET /carts/{cart}", {"cart": "99"}),
        ("DELETE /carts/{cart}/lines/{product}", {"cart": cart, "product": "dog-bone"}),
        ("GET /orders/{order}", {"order": "99"}),
        ("DELETE /orders/{order}", {"order": "99"}),
        ("PATCH /orders/{order}/lines/{line}", {"order": order, "line": "3"}),
        ("GET /orders/{order}/shipments/{shipment}", {"order": order, "shipment": "1"}),
        ("PUT /orders", {}),
    ):
        assert shop.send(route, **path)[0] == 404, route


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(None, id="nothing"),
        pytest.param([BONES], id="a bare list"),
        pytest.param({"lines": BONES}, id="one line alone"),
        pytest.param({"lines": []}, id="no line"),
        pytest.param({"lines": [BONES] * 21}, id="21 lines"),
        pytest.param({"lines": ["dog-bone"]}, id="a line that is text"),
        pytest.param({"lines": [{"product": "dog-bone"}]}, id="no quantity"),
        pytest.param({"lines": [{"quantity": 1}]}, id="no product"),
        pytest.param({"lines": [{**BONES, "product": "Dog Bone"}]}, id="capital letters"),
        pytest.param({"lines": [{**BONES, "product": "dog-bone\n"}]}, id="a line break"),
        pytest.param({"lines": [{**BONES, "product": 7}]}, id="a product that is no text"),
        pytest.param({"lines": [{**BONES, "quantity": 0}]}, id="none of it"),
        pytest.param({"lines": [{**BONES, "quantity": 100}]}, id="a hundred of it"),
        pytest.param({"lines": [{**BONES, "quantity": 1.5}]}, id="half a bone"),
        pytest.param({"lines": [{**BONES, "quantity": True}]}, id="a quantity that is true"),
    ],
)
def test_what_is_no_order_is_refused_and_changes_nothing(shop: Shop, body: object) -> None:
    status, answered = shop.send("POST /orders", body)
    assert (status, list(answered)) == (400, ["message"])
    assert shop.send("GET /orders") == (200, {"orders": []})


@pytest.mark.parametrize("lines", [None, [], 1, [True], ["1"], [3], [0], [[1]]])
def test_what_is_no_shipment_is_refused(shop: Shop, lines: object) -> None:
    order = shop.order()
    sent = shop.send("POST /orders/{order}/shipments", {"lines": lines}, order=order)
    assert sent[0] == 400
    assert shop.send("GET /orders/{order}", order=order)[1]["sent"] == []


def test_a_cart_holds_so_many_products_and_no_more(
    load_app: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAX_LINES", "2")
    shop = Shop(load_app("orders"))
    cart = shop.cart()
    statuses = [shop.put(cart, product, 1)[0] for product in ("a", "b", "b", "c")]
    assert statuses == [200, 200, 200, 409]


def test_a_table_holds_a_thousand_carts_and_not_one_more(shop: Shop) -> None:
    for _ in range(1000):
        shop.cart()
    assert shop.send("POST /carts")[0] == 503


def test_the_answer_is_for_the_shops_own_pages(
    app: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLOWED_ORIGINS", "https://shop.example.com https://desk.example.com")
    event = {"httpMethod": "GET", "resource": "/orders", "headers": {"origin": "https://x.example"}}
    assert "Access-Control-Allow-Origin" not in app.handle_orders(event, None)["headers"]
    event["headers"] = {"origin": "https://desk.example.com"}
    headers = app.handle_orders(event, None)["headers"]
    assert headers["Access-Control-Allow-Origin"] == "https://desk.example.com"
