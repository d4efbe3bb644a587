"""Each data source has both."""

from __future__ import annotations

from monitoring_pipelines.governance.card import DataSource
from tests.governance.cases import card, facts, judged

WHOLE = DataSource(name="loans", licence="contract 7", version="2026-01")


def test_licence_and_version() -> None:
    assert judged("GOV-23", card(data_sources=(WHOLE,)), facts())[0] == "ok"
    lacking = (WHOLE, DataSource(name="a", licence="MIT"), DataSource(name="b", version="1"))
    assert judged("GOV-23", card(data_sources=lacking), facts()) == (
        "warn", "no licence or no version is declared of a, b",
    )  # fmt: skip
    assert judged("GOV-23", card(), facts()) == ("", "governance.data_sources")
