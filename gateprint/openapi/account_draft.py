"""A REST API as an account holds it → a blueprint as plain data, with what leads to it; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from gateprint.openapi.account import AccountApi, description_of
from gateprint.openapi.account_plans import Places, places_of
from gateprint.openapi.account_stages import stages_of
from gateprint.openapi.account_throttles import throttles_of
from gateprint.openapi.foreign import Others
from gateprint.openapi.importing import Draft, Wishes, draft_of
from gateprint.openapi.names import name_of
from gateprint.openapi.refusals import Refusals

# A deployment publishes all that the API has, whoever made it.
_STAYS = "what was left out stays in the API: no stack manages it, and deployments publish it"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the account does not tell: the environment, and how a stage is called if it has none."""

    environment: str
    stage: str = "dev"
    name: str | None = None
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """A draft, and the plans, keys and domains of the account that it names."""

    draft: Draft
    places: Places = field(default_factory=Places)


def draft_of_account(found: AccountApi, chosen: Chosen) -> Taken:
    """Return the blueprint that says what an account has.

    Raises:
        InputRejected: with everything that no blueprint can say.
    """
    document = description_of(found)
    refusals = Refusals(is_partial=chosen.is_partial)
    stages = stages_of(document, chosen.environment, refusals)
    if not stages:
        refusals.remark("no stage: the API has none, so one was invented")
        stages = {chosen.stage: {"environment": chosen.environment}}
    own, api = _names(str(found.api["name"]), chosen.environment)
    name = chosen.name or own
    prefix = f"{name or name_of(str(found.api['name']))}-{chosen.environment}-"
    places = places_of(document, found, prefix, list(stages), refusals)
    throttles = throttles_of(document, refusals)
    others = Others(plans=places.plans, domains=places.domains, throttles=throttles)
    wishes = Wishes(name, api, stages, chosen.is_partial, endpoint=_endpoint(found), others=others)
    draft = _with_remarks(draft_of(document, wishes), refusals.remarks())
    if any(each.startswith("left out") for each in draft.remarks):
        draft = _with_remarks(draft, [_STAYS])
    return Taken(draft, places)


def _with_remarks(draft: Draft, remarks: Sequence[str]) -> Draft:
    return replace(draft, remarks=(*draft.remarks, *remarks))


def _names(title: str, environment: str) -> tuple[str | None, str | None]:
    """Return blueprint and API of a name that gateprint gave: `<blueprint>-<environment>-<api>`."""
    blueprint, infix, api = title.partition(f"-{environment}-")
    return (blueprint, api) if blueprint and infix and api else (None, None)


def _endpoint(found: AccountApi) -> str:
    types = found.api.get("endpointConfiguration", {}).get("types") or ["EDGE"]
    return str(types[0]).lower()
