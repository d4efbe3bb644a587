"""The doctor looks at everything, and a fault in one place does not hide the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.pipeline.doctor import Finding, examine
from tests.fake_slack import TOKEN, FakeSlack
from tests.llm_logs import write
from tests.pipeline.lab import Lab, labels_of, rows
from tests.pipeline.test_llm_source import app, trajectory

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MONITORING_UI_URL", "SLACK_BOT_TOKEN", "SLACK_CHANNEL"):
        monkeypatch.delenv(name, raising=False)


def examined(lab: Lab) -> dict[str, Finding]:
    return {f.what: f for f in examine({lab.model.name: lab.model}, lab.store, lab.now)}


def test_all_is_well(lab: Lab) -> None:
    log = rows()
    lab.write(log, labels_of(log, log["at"].iloc[1] - log["at"].iloc[0]))
    found = examined(lab)
    assert {f.verdict for f in found.values()} == {Verdict.OK, Verdict.WARN}
    assert found["credit: reference"].sentence == "compares amount, kind, score"
    assert "MONITORING_UI_URL is not set" in found["links"].sentence


def test_missing_labels_and_an_empty_reference(lab: Lab) -> None:
    lab.write(rows())
    assert examined(lab)["credit"].verdict is Verdict.FAIL
    log = rows()
    lab.write(log[log["at"].dt.day > 2], labels_of(log, log["at"].iloc[1] - log["at"].iloc[0]))
    assert examined(lab)["credit: reference"].sentence == (
        "no value in the reference period; check `reference`"
    )


def test_a_token_that_is_refused(
    lab: Lab, fake: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_API_URL", fake.url)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-wrong")
    slack = examined(lab)["Slack"]
    assert (slack.verdict, slack.sentence) == (
        Verdict.FAIL,
        "invalid_auth: check SLACK_BOT_TOKEN and the app's scopes",
    )
    monkeypatch.setenv("SLACK_BOT_TOKEN", TOKEN)
    assert examined(lab)["Slack"].verdict is Verdict.OK
    fake.script("auth.test", "status:503")
    slack = examined(lab)["Slack"]
    assert slack.verdict is Verdict.FAIL
    assert "check the network" in slack.sentence
    assert "scopes" not in slack.sentence


def test_keys_of_hashes_are_told_by_their_ids(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.write(rows())
    assert "hash keys" not in examined(lab)
    monkeypatch.setenv("MONITORING_HASH_KEYS", "PII_NEW,PII_OLD")
    monkeypatch.setenv("PII_NEW", "fedcba9876543210")
    found = examined(lab)["hash keys"]
    assert (found.verdict, "The hash key PII_OLD is not set" in found.sentence) == (
        Verdict.FAIL, True,
    )  # fmt: skip
    monkeypatch.setenv("PII_OLD", "0123456789abcdef")
    found = examined(lab)["hash keys"]
    assert found.verdict is Verdict.OK
    assert found.sentence.startswith("PII_NEW.")
    assert ", and older PII_OLD." in found.sentence
    assert "fedcba" not in found.sentence


@pytest.mark.parametrize(
    ("more", "hint"),
    [
        ({}, "put their files into folders of their day, and name it by `predictions.path_date`"),
        ({"path_date": "%Y-%m-%d"}, "their paths name no day as `predictions.path_date` has it"),
    ],
)
def test_runs_without_a_time(tmp_path: Path, more: dict[str, Any], hint: str) -> None:
    write(tmp_path / "logs" / "a.jsonl", [trajectory(1, 2), trajectory(2, 3)])
    told = examined(Lab(tmp_path, app("agent", predictions=more)))["app: predictions"]
    assert told.verdict is Verdict.WARN
    # three and four calls
    assert told.sentence.endswith(
        f"; 7 rows have no readable timestamp and are in no window; {hint}"
    )
