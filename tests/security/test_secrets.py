"""Every planted kind is found, examples and code are not, and no transcript of agents has a hit."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from pyarrow import parquet

from monitoring_pipelines.security.secrets import RULES, SecretRule, entropy, find_secrets
from tests.security.planted import planted

if TYPE_CHECKING:
    from pathlib import Path


def kinds(text: str) -> list[str]:
    return [kind for kind, _ in find_secrets(text)]


def test_entropy_of_equally_frequent_characters_is_the_logarithm_of_their_number() -> None:
    assert entropy("abcdefgh") == pytest.approx(3)
    assert entropy("aabb") == pytest.approx(1)


@pytest.mark.parametrize("kind", [rule.kind for rule in RULES])
def test_every_kind_is_found_where_it_was_planted(kind: str) -> None:
    # a drawn value may hold a word that examples have, but seldom
    found = [kind in kinds(planted(seed)[kind]) for seed in range(20)]
    assert sum(found) >= 18


@pytest.mark.parametrize(
    "text",
    [
        "password = os.environ['DB_PASSWORD']",
        "password: your-password-here",
        "api_key = config.get('api_key')",
        "AKIAIOSFODNN7EXAMPLE",
        "postgres://user:password@localhost/db",
        "https://example.org/a:b@c",
        "set the token: see docs/authentication.md#tokens-and-secrets",
        "commit 6e44b9f1c2d3a4b5968778695a4b3c2d1e0f9a8b",
        "secret_key_base: <%= ENV['SECRET_KEY_BASE'] %>",
        "sk-learn is a library; sk-SK is a locale",
    ],
)
def test_no_secret(text: str) -> None:
    assert kinds(text) == []


def transcripts(folder: Path) -> list[str]:
    steps = parquet.read_table(folder / "llm_swe_agent" / "steps.parquet").to_pydict()
    texts = [
        text
        for name in ("action", "observation", "response", "thought")
        for text in steps[name]
        if text
    ]
    traces = (folder / "llm_otel_traces" / "traces").glob("*.json")
    texts += [path.read_text(encoding="utf-8") for path in sorted(traces)]
    calls = parquet.read_table(folder / "llm_bfcl" / "calls.parquet", columns=["result"])
    return texts + [text for text in calls.column("result").to_pylist()[:4_000] if text]


def test_transcripts_of_agents_hold_none(test_data: Path) -> None:
    texts = transcripts(test_data)
    assert sum(map(len, texts)) > 2_000_000
    assert [kinds(text) for text in texts if kinds(text)] == []
    json.dumps(texts[0])  # texts, not bytes


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind)
def test_a_rule_s_hint_matches_what_was_planted(rule: SecretRule) -> None:
    assert all(re.search(rule.hint, planted(seed)[rule.kind]) for seed in range(20))
