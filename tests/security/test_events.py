"""Kinds and counts are told, and nothing of what was found."""

from __future__ import annotations

from monitoring_pipelines.security.events import any_of
from monitoring_pipelines.security.facts import TEXT, Facts, TextColumn, occurrence_key
from monitoring_pipelines.summaries.occurrences import Occurrences, SecuritySummary


def test_all_kinds_are_told() -> None:
    found = Occurrences(1_500, {"password": 2, "json_web_token": 3})
    now = SecuritySummary(1_500, {occurrence_key("secrets", "note"): found})
    one = any_of(Facts(alpha=0.01, now=now), "secrets", TextColumn("note", TEXT))
    assert one.judgement.reason == "password in 2, json web token in 3 of 1,500 texts"
    assert (one.column, one.n, one.value) == ("note", 1_500, 0.002)
