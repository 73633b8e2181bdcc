"""The shop's carts and orders: each function answers all routes of its subject.

Carts and orders live in the memory of the warm process, a table for every stage. That is this
example's shortcut: a real function keeps them in a database, and takes the table's name from the
same stage variable.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict

from shared.http import BadRequest, answer, body_of

MAX_KEPT = 1000
MAX_QUANTITY = 99
MAX_LINES = int(os.environ.get("MAX_LINES", "20"))

_PRODUCT = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class Refused(Exception):
    """The request is well formed and cannot be met: the status, and the reason for the caller."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        self.message = message
        super().__init__(message)


class Line(TypedDict):
    """So many of one product; `line` counts from 1 within an order."""

    line: int
    product: str
    quantity: int


@dataclass
class Order:
    """What was ordered, and which lines each shipment took."""

    lines: list[Line]
    shipments: list[list[int]] = field(default_factory=list)

    @property
    def sent(self) -> set[int]:
        """Return the lines that have been sent."""
        return {line for shipment in self.shipments for line in shipment}


@dataclass
class Table:
    """What one stage keeps: carts as product → quantity, and orders, both by id."""

    carts: dict[str, dict[str, int]] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    ids: int = 0


Reply = tuple[int, Any]
Action = Callable[[Table, Mapping[str, str], Any], Reply]

_tables: dict[str, Table] = {}


def handle_carts(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """Answer a request for a cart or what is in it."""
    return _handle(event, _CARTS)


def handle_orders(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """Answer a request for orders, their lines or shipments."""
    return _handle(event, _ORDERS)


def _handle(event: Mapping[str, Any], actions: Mapping[str, Action]) -> dict[str, Any]:
    action = actions.get(f"{event.get('httpMethod')} {event.get('resource')}")
    if action is None:
        return answer(event, 404, {"message": "there is no such route"})
    name = (event.get("stageVariables") or {}).get("table", "")
    table = _tables.setdefault(name, Table())
    try:
        status, body = action(table, event.get("pathParameters") or {}, body_of(event))
    except BadRequest as wrong:
        return answer(event, 400, {"message": wrong.message})
    except Refused as refused:
        return answer(event, refused.status, {"message": refused.message})
    return answer(event, status, body)


def _open_cart(table: Table, _path: Mapping[str, str], _body: Any) -> Reply:
    cart = _new_id(table, table.carts)
    table.carts[cart] = {}
    return 201, _shown_cart(table, cart)


def _get_cart(table: Table, path: Mapping[str, str], _body: Any) -> Reply:
    return 200, _shown_cart(table, path["cart"])


def _put_product(table: Table, path: Mapping[str, str], body: Any) -> Reply:
    cart, product = _cart(table, path["cart"]), _product(path["product"])
    quantity = _quantity(_fields(body).get("quantity"))
    if product not in cart and len(cart) >= MAX_LINES:
        raise Refused(409, f"a cart holds at most {MAX_LINES} products")
    cart[product] = quantity
    return 200, _shown_cart(table, path["cart"])


def _remove_product(table: Table, path: Mapping[str, str], _body: Any) -> Reply:
    if _cart(table, path["cart"]).pop(path["product"], None) is None:
        raise Refused(404, "the product is not in the cart")
    return 200, _shown_cart(table, path["cart"])


def _list_orders(table: Table, _path: Mapping[str, str], _body: Any) -> Reply:
    return 200, {"orders": list(table.orders)}


def _place_order(table: Table, _path: Mapping[str, str], body: Any) -> Reply:
    lines = _fields(body).get("lines")
    if not isinstance(lines, list) or not 1 <= len(lines) <= MAX_LINES:
        raise BadRequest(f"lines must be a list of 1 to {MAX_LINES}")
    order = Order([_line(number, each) for number, each in enumerate(lines, 1)])
    key = _new_id(table, table.orders)
    table.orders[key] = order
    return 201, _shown_order(key, order)


def _get_order(table: Table, path: Mapping[str, str], _body: Any) -> Reply:
    return 200, _shown_order(path["order"], _order(table, path["order"]))


def _cancel_order(table: Table, path: Mapping[str, str], _body: Any) -> Reply:
    if _order(table, path["order"]).shipments:
        raise Refused(409, "a part of the order has been sent")
    return 200, _shown_order(path["order"], table.orders.pop(path["order"]))


def _list_lines(table: Table, path: Mapping[str, str], _body: Any) -> Reply:
    return 200, {"lines": _order(table, path["order"]).lines}


def _change_line(table: Table, path: Mapping[str, str], body: Any) -> Reply:
    order = _order(table, path["order"])
    line = next((each for each in order.lines if str(each["line"]) == path["line"]), None)
    if line is None:
        raise Refused(404, "there is no such line")
    if line["line"] in order.sent:
        raise Refused(409, "the line has been sent")
    line["quantity"] = _quantity(_fields(body).get("quantity"))
    return 200, line


def _add_shipment(table: Table, path: Mapping[str, str], body: Any) -> Reply:
    order = _order(table, path["order"])
    chosen = _fields(body).get("lines")
    if not isinstance(chosen, list) or not chosen or not all(_is_whole(each) for each in chosen):
        raise BadRequest("lines must be a list of the numbers of lines")
    if set(chosen) - {each["line"] for each in order.lines}:
        raise BadRequest("the order has no such line")
    if len(set(chosen)) < len(chosen) or order.sent & set(chosen):
        raise Refused(409, "a line is sent once")
    order.shipments.append(sorted(chosen))
    return 201, {"shipment": str(len(order.shipments)), "lines": sorted(chosen)}


def _get_shipment(table: Table, path: Mapping[str, str], _body: Any) -> Reply:
    for number, lines in enumerate(_order(table, path["order"]).shipments, 1):
        if str(number) == path["shipment"]:
            return 200, {"shipment": str(number), "lines": lines}
    raise Refused(404, "there is no such shipment")


# The routes as the blueprint declares them: API Gateway says in the event which one it chose.
_CARTS: Mapping[str, Action] = {
    "POST /carts": _open_cart,
    "GET /carts/{cart}": _get_cart,
    "PUT /carts/{cart}/lines/{product}": _put_product,
    "DELETE /carts/{cart}/lines/{product}": _remove_product,
}
_ORDERS: Mapping[str, Action] = {
    "GET /orders": _list_orders,
    "POST /orders": _place_order,
    "GET /orders/{order}": _get_order,
    "DELETE /orders/{order}": _cancel_order,
    "GET /orders/{order}/lines": _list_lines,
    "PATCH /orders/{order}/lines/{line}": _change_line,
    "POST /orders/{order}/shipments": _add_shipment,
    "GET /orders/{order}/shipments/{shipment}": _get_shipment,
}


def _new_id(table: Table, kept: Mapping[str, Any]) -> str:
    if len(kept) >= MAX_KEPT:
        raise Refused(503, "no more can be kept")
    table.ids += 1
    return str(table.ids)


def _cart(table: Table, key: str) -> dict[str, int]:
    if key not in table.carts:
        raise Refused(404, "there is no such cart")
    return table.carts[key]


def _order(table: Table, key: str) -> Order:
    if key not in table.orders:
        raise Refused(404, "there is no such order")
    return table.orders[key]


def _shown_cart(table: Table, key: str) -> dict[str, Any]:
    return {"cart": key, "lines": dict(sorted(_cart(table, key).items()))}


def _shown_order(key: str, order: Order) -> dict[str, Any]:
    return {"order": key, "lines": order.lines, "sent": sorted(order.sent)}


def _line(number: int, value: Any) -> Line:
    fields = _fields(value)
    product, quantity = _product(fields.get("product")), _quantity(fields.get("quantity"))
    return {"line": number, "product": product, "quantity": quantity}


def _fields(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadRequest("the body, and each of its lines, must be an object")
    return value


def _product(value: Any) -> str:
    if not isinstance(value, str) or not _PRODUCT.fullmatch(value):
        raise BadRequest("a product is small letters, digits and hyphens")
    return value


def _quantity(value: Any) -> int:
    if not _is_whole(value) or not 1 <= value <= MAX_QUANTITY:
        raise BadRequest(f"quantity must be a whole number from 1 to {MAX_QUANTITY}")
    return int(value)


def _is_whole(value: Any) -> bool:
    # Python counts True as 1.
    return isinstance(value, int) and not isinstance(value, bool)
