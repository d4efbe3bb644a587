"""The doctor of the alert path: secrets, scopes, channels, and what does not get through."""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.errors import DeliveryError, DestinationError
from monitoring_pipelines.notify.base import DEFAULT_CHANNEL, Order
from monitoring_pipelines.notify.connect import notifiers
from monitoring_pipelines.pipeline.environment import (
    CHANNEL,
    FALLBACK,
    SMTP,
    TOKEN,
    alert_settings,
    waiting,
)
from monitoring_pipelines.store import outbox, sending, stuck

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from monitoring_pipelines.notify.base import Notifier
    from monitoring_pipelines.notify.slack import SlackNotifier
    from monitoring_pipelines.pipeline.model import Model
    from monitoring_pipelines.store.database import Store


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `verdict` is ok, warn or fail."""

    what: str
    verdict: Verdict
    sentence: str


def alert_path(models: Mapping[str, Model], store: Store) -> Iterator[Finding]:
    """Look at everything between an incident and the people who are to hear of it."""
    yield from _default_channel(models)
    found = notifiers(os.environ)
    yield from _slack(found)
    for place in sorted(_destinations(models, store)):
        yield from _destination(place, found)
    yield from _fallback(found)
    with store.read() as connection:
        for b in stuck.blocked(connection):
            told = f"{b.error}; {b.n} messages wait since {b.since:%Y-%m-%d %H:%M}"
            yield Finding(f"blocked: {b.destination}", Verdict.FAIL, told)
        dead = outbox.counts(connection).get(outbox.Delivery.DEAD, 0)
        said = waiting(connection)
    yield Finding("outbox", Verdict.FAIL if dead else Verdict.OK, said)


def send_test(models: Mapping[str, Model], store: Store) -> Iterator[Finding]:
    """Send a test message to every destination that is configured, and say each step."""
    found = notifiers(os.environ)
    for place in sorted(_destinations(models, store) | _given_fallback()):
        service, _, channel = place.partition(":")
        notifier = found.get(service)
        if notifier is None or not notifier.reaches(channel):
            yield Finding(f"test: {place}", Verdict.FAIL, "not tried: its secret is not set")
        elif service == "slack":
            yield from _test_slack(cast("SlackNotifier", notifier), place)
        elif service == "pagerduty":
            yield Finding(f"test: {place}", Verdict.WARN, "not tried, since it would page somebody")
        else:
            yield _test_other(notifier, place)


def _test_slack(notifier: SlackNotifier, place: str) -> Iterator[Finding]:
    from monitoring_pipelines.notify.slack_doctor import try_all

    channel, idem = place.partition(":")[2], f"test:{uuid.uuid4().hex}"
    for step in try_all(notifier, channel, idem, datetime.now(UTC)):
        verdict = Verdict.OK if step.works else Verdict.FAIL
        yield Finding(f"test: {step.name} {place}", verdict, step.sentence)


def _test_other(notifier: Notifier, place: str) -> Finding:
    from monitoring_pipelines.notify.slack_doctor import sample

    order = Order(Op.OPEN, place.partition(":")[2], sample(), f"test:{uuid.uuid4().hex}")
    try:
        notifier.send(order)
    except DeliveryError as error:
        return Finding(f"test: {place}", Verdict.FAIL, str(error))
    return Finding(f"test: {place}", Verdict.OK, "sent; look whether it arrived")


def _default_channel(models: Mapping[str, Model]) -> Iterator[Finding]:
    silent = [model.name for model in models.values() if not model.config.alerts.slack]
    if silent and not os.environ.get(CHANNEL):
        yield Finding(
            "Slack channel",
            Verdict.WARN,
            f"none for {', '.join(silent)}: set `alerts.slack` or {CHANNEL}; incidents are kept",
        )


def _slack(found: Mapping[str, Notifier]) -> Iterator[Finding]:
    if "slack" not in found:
        yield Finding("Slack", Verdict.WARN, f"{TOKEN} is not set: messages wait in the outbox")
        return
    from monitoring_pipelines.notify import slack_doctor

    client = cast("SlackNotifier", found["slack"]).client
    try:
        yield Finding("Slack", Verdict.OK, found["slack"].check())
        lacks = slack_doctor.missing(client)
        said = f"missing: {'; '.join(lacks)}" if lacks else "all that is used"
        yield Finding("Slack scopes", Verdict.WARN if lacks else Verdict.OK, said)
    except DestinationError as error:
        yield Finding("Slack", Verdict.FAIL, f"{error}: check {TOKEN} and the app's scopes")
        return
    except DeliveryError as error:
        told = f"{error}: check the network, and SLACK_API_URL if it is set; messages wait"
        yield Finding("Slack", Verdict.FAIL, told)
        return
    try:
        yield Finding("Slack blocks", Verdict.OK, slack_doctor.validate(client))
    except DeliveryError as error:
        yield Finding("Slack blocks", Verdict.WARN, f"{error}; plainer messages will be sent")


def _destinations(models: Mapping[str, Model], store: Store) -> set[str]:
    """Everything that models name, and what messages wait for."""
    found = set()
    for model in models.values():
        settings = alert_settings(model)
        found |= {settings.destination} if settings.destination else set()
        found |= {place for route in settings.routes for place in route.to}
        found |= {*settings.escalation.to} if settings.escalation else set()
    with store.read() as connection:
        found |= sending.waiting_at(connection)
    if f"slack:{DEFAULT_CHANNEL}" in found and not os.environ.get(CHANNEL):
        found -= {f"slack:{DEFAULT_CHANNEL}"}  # which was told of above
    return found


def _given_fallback() -> set[str]:
    return {os.environ[FALLBACK]} if os.environ.get(FALLBACK) else set()


def _destination(place: str, found: Mapping[str, Notifier]) -> Iterator[Finding]:
    service, _, channel = place.partition(":")
    notifier = found.get(service)
    if notifier is None:
        if service != "slack":  # which was told of above
            needs = SMTP if service == "email" else f"a service; '{service}' is none"
            yield Finding(place, Verdict.FAIL, f"messages wait: it needs {needs}")
        return
    if not notifier.reaches(channel):
        also = f" and {channel}_SECRET" if service == "webhook" else ""
        yield Finding(place, Verdict.FAIL, f"messages wait: set {channel}{also}")
        return
    try:
        said = notifier.examine(channel)
        if service == "email":
            said = notifier.check()
        yield Finding(place, Verdict.OK, said)
    except DeliveryError as error:
        yield Finding(place, Verdict.FAIL, str(error))


def _fallback(found: Mapping[str, Notifier]) -> Iterator[Finding]:
    place = os.environ.get(FALLBACK)
    if not place:
        said = f"none: set {FALLBACK}, so that people hear of it when a channel is blocked"
        yield Finding("fallback", Verdict.WARN, said)
        return
    if place.startswith("slack:"):
        said = f"{place}; a revoked token would block it too, so take another service"
        yield Finding("fallback", Verdict.WARN, said)
    yield from (
        Finding(f"fallback: {f.what}", f.verdict, f.sentence) for f in _destination(place, found)
    )
