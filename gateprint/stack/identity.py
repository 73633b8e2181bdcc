"""How a function with `proxy: false` gets an identity token, and refuses one; pure."""

from __future__ import annotations

from gateprint.model.resolved import Route

# Names of headers have no case, and a client may send one several times: each is passed on. The
# empty text at the end makes a list of any number of them valid JSON.
_TOKENS = (
    '  "identity_tokens": [#foreach($key in $input.params().header.keySet())'
    '#if($key.toLowerCase() == "%s")'
    r""""$util.escapeJavaScript($input.params().header.get($key)).replaceAll("\\'", "'")", """
    '#end#end""],\n'
)
_CALLER = '  "caller":'


def with_tokens(template: str, header: str) -> str:
    """Return the template of what a function receives, with the header's values in it."""
    before, caller, after = template.partition(_CALLER)
    return f"{before}{_TOKENS % header.lower()}{caller}{after}"


def refusals(route: Route) -> tuple[str, ...]:
    """Return the statuses that a function chooses by the beginning of an error's text.

    With 401 and 403 the guard of lambdas/shared refuses a request.
    """
    return ("400", "401", "403") if route.identity_token else ("400",)


def pattern_of(route: Route) -> str:
    """Return what matches all of them."""
    return "(?:400|401|403)" if route.identity_token else "400"
