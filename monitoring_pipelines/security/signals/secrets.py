"""SEC-07: a secret in a text. One is enough, and calls people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.security.events import any_of, needs
from monitoring_pipelines.security.scanners.secrets import SECRETS
from monitoring_pipelines.security.signal import Found, Signal, add

if TYPE_CHECKING:
    from monitoring_pipelines.security.facts import Facts


def _judge(facts: Facts) -> list[Found]:
    return [
        any_of(facts, SECRETS.name, column) for column in facts.written(SECRETS.name, SECRETS.reads)
    ]


SIGNAL = add(
    Signal(
        id="SEC-07",
        name="secrets",
        title="No secret in a text.",
        missing=needs(SECRETS.reads, "a column of texts"),
        judge=_judge,
        is_critical=True,
    )
)
