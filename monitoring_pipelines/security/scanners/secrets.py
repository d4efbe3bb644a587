"""Scans texts for secrets: keys and tokens of services, private keys, passwords in addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.security.facts import CONTEXT, INPUT, OUTPUT, TEXT
from monitoring_pipelines.security.scanner import Hit, Scanner, add
from monitoring_pipelines.security.secrets import RULES, find_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator


def _scan(text: str) -> Iterator[Hit]:
    return (Hit(kind, value) for kind, value in find_secrets(text))


SECRETS = add(
    Scanner(
        name="secrets",
        reads=frozenset({INPUT, OUTPUT, CONTEXT, TEXT}),
        hint="|".join(dict.fromkeys(rule.hint for rule in RULES)),
        scan=_scan,
        is_news=True,
    )
)
