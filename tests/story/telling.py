"""Tells the story from its beginning to its end, and keeps what each review said."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from gateprint.review.review import Review
from gateprint.terraform.runs.folder import RunFolder
from gateprint.workflow.synthesis import Synthesized
from tests.story import steps
from tests.story.project import StoryProject, Told
from tests.story.signing import metadata_of
from tests.support.estate import reviewed
from tests.support.planned_run import Planned, Terraform, write_run

PETS = "pets-local"
SECRET = "planted-in-a-stage-7c0e"
SECRET_PLACE = "aws_api_gateway_stage.pets_prod"
_TERRAFORM = "cdk.tf.json"


@dataclass(frozen=True, slots=True)
class Whole:
    """What was told of each step; `constants` stand for what is another text of a length each time.

    `by_terraform` and `by_double` are reviews of the same change, which Terraform planned, and the
    double that plans many stacks. `with_secret` is that of Terraform in all formats.
    """

    told: Mapping[str, Told]
    constants: Mapping[str, str]
    by_terraform: Review
    by_double: Review
    with_secret: Told

    def plain(self, text: str) -> str:
        """Return a report as it is each time."""
        for each, constant in self.constants.items():
            text = text.replace(each, constant)
        return text


def tell(story: StoryProject) -> Whole:
    """Tell the story: each step is edited, planned and reviewed, and two of them are applied."""
    until = str(dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30))
    ids: dict[str, str] = {}
    _begin(story)
    told = [each for step in steps.OF_PETS for each in _step(story, step, until, ids)]
    rotated = _rotate(story)
    by_double, by_terraform, with_secret = _as_terraform(story)
    found = (*told, rotated, _many(story))
    return Whole(
        {each.name: each for each in found},
        {until: "2027-01-31", **ids},
        by_terraform,
        by_double,
        with_secret,
    )


def _begin(story: StoryProject) -> None:
    """Apply the account's own stack."""
    story.edit_config("local.yaml", ("issuer: urn:acme.auth0.com\n", steps.WITH_METADATA))
    story.write_config(steps.METADATA, metadata_of(1))
    story.apply(reviewed(story.plan("0-account")))


def _step(story: StoryProject, step: steps.Step, until: str, ids: dict[str, str]) -> Iterator[Told]:
    """Tell one step; the ids that AWS gives, once it is applied, are added to `ids`."""
    before = story.inputs()
    if step is steps.NEW_API:
        story.write("pets", steps.PETS)
    old = story.edit("pets", step.edit)
    run = story.plan(step.name)
    if step is steps.PUBLIC:
        yield story.tell(steps.REFUSED, run, before)
        story.write_config("review.yaml", steps.WAIVERS.replace("@until@", until))
    yield story.tell(step.name, run, before)
    if step.is_applied:
        story.apply(run)
        ids |= _ids(story, step.name[0])
        # A waiver has done its work as soon as what it is about is there.
        story.remove_config("review.yaml")
    else:
        story.write("pets", old)


def _rotate(story: StoryProject) -> Told:
    """Let the identity provider sign with a new key alone."""
    before = story.inputs()
    story.write_config(steps.METADATA, metadata_of(2))
    return story.tell(steps.ROTATED, story.plan(steps.ROTATED), before)


def _as_terraform(story: StoryProject) -> tuple[Review, Review, Told]:
    """Plan the same change by the double, and with a secret by Terraform."""
    applied = {PETS: _terraform(story.synthesized()[PETS])}
    before, old = story.inputs(), story.edit("pets", steps.FASTER)
    by_double = story.review(_plan_by_double(story, "7-by-double", applied))
    _plant(story)
    knowing = replace(story, environ={**story.environ, "TF_VAR_token": SECRET})
    run = knowing.plan("7-by-terraform", PETS)
    told = story.tell("7-by-terraform", run, before)
    by_terraform = story.review(run)
    story.write("pets", old)
    return by_double, by_terraform, told


def _plant(story: StoryProject) -> None:
    """Give a stage a secret, which its blueprint could not have."""
    for key, text in story.kept_terraform().items():
        document = json.loads(text)
        name = SECRET_PLACE.partition(".")[2]
        stage = document["resource"].get("aws_api_gateway_stage", {}).get(name)
        if stage is not None:
            document["variable"] = {"token": {"type": "string", "sensitive": True}}
            stage["variables"] = {"token": "${var.token}"}
            story.keep_terraform(key, json.dumps(document, indent=2))


def _many(story: StoryProject) -> Told:
    """Change all shops; Terraform would take minutes for their plans, so its double makes them."""
    for each in steps.SHOPS:
        story.write(each, steps.shop(each))
    before, old = story.inputs(), story.synthesized()
    for each in steps.SHOPS:
        story.edit(each, steps.of_shop(each))
    applied = {f"{each}-local": _terraform(old[f"{each}-local"]) for each in steps.SHOPS}
    return story.tell(steps.MANY, _plan_by_double(story, steps.MANY, applied), before)


def _plan_by_double(story: StoryProject, name: str, applied: Mapping[str, Terraform]) -> RunFolder:
    """Plan stacks by what is applied of them; nothing changes in the others."""
    stacks = [_planned(each, applied.get(stack)) for stack, each in story.synthesized().items()]
    return write_run(story.root / "runs" / name, stacks, "local")


def _planned(new: Synthesized, applied: Terraform | None) -> Planned:
    where = new.stack.environment
    return Planned(new.stack.name, where.name, where.account, where.region, new.files, applied)


def _terraform(stack: Synthesized) -> Terraform:
    found: Terraform = json.loads(stack.files[_TERRAFORM])
    return found


def _ids(story: StoryProject, step: str) -> dict[str, str]:
    gateway = story.project.client("apigateway")
    (api,) = gateway.get_rest_apis()["items"]
    stages = gateway.get_stages(restApiId=api["id"])["item"]
    named = {each["deploymentId"]: f"{each['stageName']}{step}" for each in stages}
    return {each: f"{name:0<{len(each)}}" for each, name in {api["id"]: "api", **named}.items()}
