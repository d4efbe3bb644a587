"""Secrets as hits: a kind, and a value that is only compared."""

from __future__ import annotations

from monitoring_pipelines.security.scanners.secrets import SECRETS
from tests.security.planted import planted


def test_each_planted_secret_is_one_hit_of_its_kind() -> None:
    for kind, text in planted(1).items():
        assert kind in {hit.kind for hit in SECRETS.scan(text)}


def test_nothing_in_nothing() -> None:
    assert [*SECRETS.scan(""), *SECRETS.scan("What are my options?")] == []
