from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.compose import compose, withdraw
from monitoring_pipelines.alerts.condition import Policy, fold
from monitoring_pipelines.alerts.incident import REOPEN, incidents
from monitoring_pipelines.alerts.message import AlertMessage, Stage
from monitoring_pipelines.alerts.settings import AlertSettings
from monitoring_pipelines.alerts.triage import Fingerprint, evaluation, fingerprint
from monitoring_pipelines.domain.window import Cadence
from tests.alerts.histories import results

if TYPE_CHECKING:
    from monitoring_pipelines.domain.result import Result

SETTINGS = AlertSettings(
    model="churn", owner="team:growth", cadence=Cadence.DAY, zone=UTC,
    ui_url="https://dagster.example", next_steps=("Ask the risk desk.",),
)  # fmt: skip


def composed(*groups: list[Result]) -> AlertMessage:
    history: dict[Fingerprint, list[Result]] = {fingerprint(rows[0]): rows for rows in groups}
    conditions = {f: fold(map(evaluation, rows), Policy()) for f, rows in history.items()}
    (incident,) = incidents(conditions, REOPEN[Cadence.DAY])
    return compose(incident, history, SETTINGS)


def test_a_firing_message_says_what_how_much_since_when_and_what_to_do() -> None:
    message = composed(results("ooBBB"))
    assert (message.stage, message.word) == (Stage.FIRING, "HIGH")
    assert message.title == "Performance · churn · v14"
    assert message.what == "roc_auc is 0.83 (limit 0.84, usual 0.86)."
    assert message.detail == "In 3 of 3 windows, since 2026-11-03."
    assert dict(message.facts) == {
        "Newest window": "2026-11-05",
        "Rows": "31,204",
        "Labels": "88 % arrived, final",
        "Owner": "team:growth",
    }
    assert message.steps[0] == "Ask the risk desk."
    assert message.small[0] == message.incident
    assert "fires at 2 of 3 windows" in message.small


def test_while_it_recovers_the_newest_breach_is_told() -> None:
    message = composed(results("BBo"))
    assert (message.stage, dict(message.facts)["Newest window"]) == (Stage.FIRING, "2026-11-02")


def test_critical_fires_at_once_and_says_so() -> None:
    message = composed(results("oC"))
    assert (message.word, message.detail) == ("CRITICAL", "In 1 window, 2026-11-02.")
    assert "critical fires at once" in message.small


def test_the_worst_condition_leads_and_the_others_are_counted() -> None:
    others = [results("BB", f"m{number}") for number in range(6)]
    message = composed(*others, results("CC", "roc_auc"))
    assert message.what.startswith("roc_auc")
    assert message.detail.endswith("7 checks fire.")
    assert message.table is not None
    assert message.table.rows[0] == ("roc_auc", "0.78", "0.86")
    assert len(message.table.rows) == 7
    few = composed(results("CC", "roc_auc"), results("BB", "log_loss"))
    assert few.table is None
    assert dict(few.facts)["Also"] == "log_loss 0.83 (usual 0.86)"


def test_what_it_means_for_rows_is_said_where_it_follows_from_the_number() -> None:
    facts = dict(composed(results("BB", "accuracy")).facts)
    assert facts["Impact"] == "about 936 more wrong decisions than usual"  # 0.03 of 31,204
    assert "Impact" not in dict(composed(results("BB")).facts)


def test_a_resolved_message_says_from_when_to_when_and_by_what() -> None:
    message = composed(results("oBBBoo"))
    assert (message.stage, message.word, message.steps) == (Stage.RESOLVED, "RESOLVED", ())
    assert message.before == "roc_auc is 0.83 (limit 0.84, usual 0.86)."
    assert message.detail == "2 windows in a row are fine: roc_auc 0.86 (usual 0.86)."
    assert dict(message.facts) == {
        "Breached": "2026-11-02 to 2026-11-04",
        "Closed by": "data of window 2026-11-06",
        "Owner": "team:growth",
    }


def test_a_schema_has_no_number_and_one_window_is_named_once() -> None:
    message = composed(results("oCoo", "schema", value=None))
    assert message.before == "schema is broken."
    assert message.detail == "2 windows in a row are fine: schema."
    assert dict(message.facts)["Breached"] == "2026-11-02"


def test_flapping_is_in_the_small_print() -> None:
    assert any("flapping" in small for small in composed(results("BBoBoBo")).small)


def test_a_result_without_labels_and_run_says_nothing_of_them() -> None:
    message = composed(results("BB", label_coverage=None, run_id=""))
    assert "Labels" not in dict(message.facts)
    assert not any(small.startswith("run") for small in message.small)


def test_withdrawn_strikes_through_what_was_said() -> None:
    firing = composed(results("BB"))
    withdrawn = withdraw(firing)
    assert (withdrawn.word, withdrawn.before, withdrawn.steps) == ("WITHDRAWN", firing.what, ())
