"""What people are told of an incident, in words, for any channel.

A message holds names and numbers only. Names of columns and segments come from data, so a channel
makes every text inert before it shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import TypeAdapter

# pydantic reads the annotations when it writes and reads messages
from monitoring_pipelines.alerts.links import Link  # noqa: TC001
from monitoring_pipelines.alerts.settings import Layout
from monitoring_pipelines.alerts.severity import Severity  # noqa: TC001

if TYPE_CHECKING:
    from collections.abc import Mapping


class Stage(StrEnum):
    """What the message says of its incident; a digest is about none."""

    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"
    DIGEST = "digest"

    @property
    def is_open(self) -> bool:
        """Whether the trouble is still there."""
        return self in {Stage.FIRING, Stage.ACKNOWLEDGED}


class Fact(NamedTuple):
    """A small heading and its text."""

    label: str
    text: str


class Chart(NamedTuple):
    """Newest windows of one metric; None where a window has no value.

    `usual` and `limit` are drawn as lines. `labels` are the windows' keys.
    """

    title: str
    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    usual: float | None = None
    limit: float | None = None


class Table(NamedTuple):
    """Rows of short texts under their headings."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertMessage:
    """One message: `what` happened in bold, `detail` after it, then facts, steps, links.

    `before` is what it said while it fired; it is struck through once that is over. `handled` is
    what people did about it. `mentions` are ids of the service, from the configuration, of those
    who are called. With `has_buttons` somebody listens to them.
    """

    incident: str
    stage: Stage
    severity: Severity
    title: str
    what: str
    detail: str
    owner: str
    before: str = ""
    facts: tuple[Fact, ...] = ()
    steps: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    small: tuple[str, ...] = ()
    handled: str = ""
    mentions: tuple[str, ...] = ()
    chart: Chart | None = None
    table: Table | None = None
    layout: Layout = Layout.STANDARD
    has_buttons: bool = False

    @property
    def word(self) -> str:
        """How bad it is, in one word; colour alone is not for everybody."""
        return (self.severity if self.stage is Stage.FIRING else self.stage).upper()

    def to_json(self) -> dict[str, Any]:
        """As it is kept in the outbox."""
        payload: dict[str, Any] = _PAYLOAD.dump_python(self, mode="json")
        return payload

    @classmethod
    def from_json(cls, payload: Mapping[str, Any]) -> AlertMessage:
        """The message that `to_json` wrote."""
        return _PAYLOAD.validate_python(payload)


_PAYLOAD = TypeAdapter(AlertMessage)
