"""What may be wrong with a Slack app, a channel or our blocks, and a message to try it all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from monitoring_pipelines.alerts.message import AlertMessage, Chart, Fact, Stage, Table
from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.errors import DeliveryError, DestinationError, PayloadError
from monitoring_pipelines.notify.base import Order
from monitoring_pipelines.notify.blocks import blocks
from monitoring_pipelines.notify.safe import inert
from monitoring_pipelines.notify.slack_call import call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from slack_sdk import WebClient
    from slack_sdk.web import SlackResponse

    from monitoring_pipelines.notify.elements import Block
    from monitoring_pipelines.notify.slack import SlackNotifier

Result = TypeVar("Result")

POST = "chat:write"
# what each scope is for; without the first nothing works
SCOPES = {
    POST: "post and edit",
    "channels:history": "look for a message whose answer was lost, in public channels",
    "groups:history": "the same in private channels; without it such a message may come twice",
    "files:write": "send a chart as a picture where the workspace draws none",
    "files:read": "look whether a picture arrived",
    "channels:read": "let `mlmon doctor` look at public channels",
    "groups:read": "let `mlmon doctor` look at private channels",
}


class Step(NamedTuple):
    """What was tried, whether it worked, and what was said to it."""

    name: str
    works: bool
    sentence: str


def granted(answer: SlackResponse) -> set[str]:
    """Scopes of the token, which every answer names; empty if this server does not."""
    headers = {name.lower(): value for name, value in (answer.headers or {}).items()}
    named = headers.get("x-oauth-scopes", "")
    text = ",".join(named) if isinstance(named, list) else str(named)
    return {scope.strip() for scope in text.split(",")} - {""}


def missing(client: WebClient) -> list[str]:
    """Scopes that the token lacks, each with what it is for."""
    has = granted(call(client.auth_test))
    return [f"{scope} ({use})" for scope, use in SCOPES.items() if has and scope not in has]


def channel(client: WebClient, id_: str) -> str:
    """Name of a channel that can be posted to; a `DestinationError` says why it cannot be."""
    try:
        found = call(client.conversations_info, channel=id_)["channel"]
    except DestinationError as error:
        if str(error).startswith("missing_scope"):
            return "cannot be looked at without channels:read and groups:read"
        raise
    if found.get("is_archived"):
        raise DestinationError("is_archived: the channel was archived; choose another")
    if not found.get("is_member"):
        raise DestinationError("not_in_channel: invite the app to the channel")
    return f"the app is a member of #{inert(found.get('name', '?'), 80)}"


def validate(client: WebClient) -> str:
    """What Slack says of a message with all kinds of blocks; a `PayloadError` if it refuses it."""
    try:
        call(client.api_call, api_method="blocks.validate", json={"blocks": samples()})
    except PayloadError as error:
        detail = inert(" ".join(error.details), 200)
        raise PayloadError(f"{error} {detail}".rstrip(), error.details) from error
    except DestinationError as error:
        if str(error).startswith(("unknown_method", "not_allowed_token_type")):
            return "not checked: this server does not validate blocks"
        raise
    return "accepted"


def sample() -> AlertMessage:
    """A test message with nearly everything that a message can have."""
    return AlertMessage(
        incident="test",
        stage=Stage.FIRING,
        severity=Severity.HIGH,
        title="Test of mlmon doctor",
        what="This is a test.",
        detail="Nothing is wrong; it is deleted at once.",
        owner="",
        facts=(Fact("Fact", "a small text"),),
        steps=("Nothing is to be done.",),
        small=("sent by `mlmon doctor --send-test`",),
        chart=Chart("a metric", ("1", "2", "3"), (0.86, 0.85, 0.8), 0.86, 0.83),
    )


def samples() -> list[Block]:
    """All kinds of blocks: those of the sample, and a table, which no message with a chart has."""
    listed = replace(sample(), table=Table(("check", "value"), (("a", "1"),)))
    return [*blocks(sample()), *blocks(listed, Op.EVIDENCE)]


def try_all(notifier: SlackNotifier, id_: str, idem: str, now: datetime) -> Iterator[Step]:
    """Post, edit, find and delete a message; if it cannot be posted that is the last step."""
    posted = Order(Op.OPEN, id_, sample(), idem)
    step, ref = _tried("post", lambda: notifier.send(posted))
    yield step
    if ref is None:
        return
    edit = Order(Op.UPDATE, id_, sample(), idem, ref)
    yield _tried("edit", lambda: notifier.send(edit))[0]
    found, there = _tried("find", lambda: notifier.find(posted, now))
    if found.works and there is None:
        found = Step("find", works=False, sentence="not found: repeats cannot be ruled out")
    yield found
    yield _tried("delete", lambda: notifier.delete(ref))[0]


def _tried(name: str, act: Callable[[], Result]) -> tuple[Step, Result | None]:
    try:
        result = act()
    except DeliveryError as error:
        return Step(name, works=False, sentence=str(error)), None
    return Step(name, works=True, sentence="works"), result
