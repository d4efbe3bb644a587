from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.compose import compose, withdraw
from monitoring_pipelines.alerts.message import AlertMessage, Stage
from monitoring_pipelines.alerts.settings import AlertSettings
from monitoring_pipelines.domain.window import Cadence
from tests.alerts.histories import results, the_incident

if TYPE_CHECKING:
    from monitoring_pipelines.domain.result import Result

SETTINGS = AlertSettings(
    model="churn", owner="team:growth", cadence=Cadence.DAY, zone=UTC,
    ui_url="https://dagster.example", next_steps=("Ask the risk desk.",),
)  # fmt: skip


def composed(*groups: list[Result]) -> AlertMessage:
    return compose(*the_incident(*groups), SETTINGS)


def test_a_firing_message_says_what_how_much_since_when_and_what_to_do() -> None:
    message = composed(results("ooBBB"))
    assert (message.stage, message.word) == (Stage.FIRING, "HIGH")
    assert message.title == "Performance · churn v14"
    assert message.what == "roc_auc is 0.83 (limit 0.84, usual 0.86)."
    assert message.detail == "3 windows in a row, since 2026-11-03."
    assert dict(message.facts) == {
        "Labels": "88 % arrived, final",
        "Newest window": "2026-11-05 (UTC)",
        "Rows": "31,204",
        "Owner": "team:growth",
    }
    assert message.steps[0] == "Ask the risk desk."
    assert message.small[0] == message.incident
    assert "fires at 2 of 3 windows" in message.small


def test_while_it_recovers_the_newest_breach_is_told() -> None:
    message = composed(results("BBo"))
    assert message.detail == ("2 windows in a row, since 2026-11-01. The newest window is fine.")
    assert composed(results("BB.")).detail == "2 windows in a row, since 2026-11-01."
    assert (message.stage, dict(message.facts)["Newest window"]) == (
        Stage.FIRING,
        "2026-11-02 (UTC)",
    )


def test_a_good_window_between_is_counted() -> None:
    assert composed(results("BoBB")).detail == "3 of 4 windows, since 2026-11-01."


def test_critical_fires_at_once_and_says_so() -> None:
    message = composed(results("oC"))
    assert (message.word, message.detail) == ("CRITICAL", "1 window, 2026-11-02.")
    assert "critical fires at once" in message.small


def test_a_storm_says_how_many_fire_and_tells_the_worst_in_a_table() -> None:
    others = [results("BB", f"m{number}") for number in range(6)]
    message = composed(*others, results("oCC", "roc_auc"))
    assert message.what == "7 checks fire. The worst: roc_auc is 0.78 (limit 0.84, usual 0.86)."
    assert message.detail == "2 windows in a row, since 2026-11-02."
    assert message.table is not None
    assert message.table.rows[0] == ("roc_auc", "0.78", "0.84", "2026-11-02")
    assert len(message.table.rows) == 7


def test_a_few_conditions_are_told_in_words() -> None:
    few = composed(results("CC", "roc_auc"), results("BB", "log_loss"))
    assert few.table is None
    assert few.detail == "2 windows in a row, since 2026-11-01. 2 checks fire."
    assert dict(few.facts)["Also"] == "log_loss 0.83 (usual 0.86)"


def test_what_breaks_other_checks_comes_first_however_far_they_are_off() -> None:
    gone = results("oC", "schema", value=3.0, reference_value=0.0, tolerance=None)
    gone[0] = results("o", "schema", value=0.0)[0]
    nulls = [results("oBB", "missing_rate", column=f"c{i}", value=0.9) for i in range(4)]
    message = composed(*nulls, gone)
    assert message.what == "5 checks fire. First of all: 3 columns are gone."
    assert message.detail == "1 window, 2026-11-02. The others may follow from it."


def test_a_failed_run_has_its_own_rule_and_no_rows() -> None:
    message = composed(results("B", "run", value=None, n=0, label_coverage=None))
    assert "fires at once" in message.small
    assert "Rows" not in dict(message.facts)
    over = composed(results("Bo", "run", value=None, n=0, label_coverage=None))
    assert over.detail == "The newest window is fine."
    assert over.small[-1] == "closes after 1 fine window"


def test_what_it_means_for_rows_is_said_where_it_follows_from_the_number() -> None:
    facts = dict(composed(results("BB", "accuracy")).facts)
    assert facts["Impact"] == (
        # 0.03 of 31,204 rows
        "about 936 more wrong decisions than usual, of 31,204 with a label"
    )
    assert "Impact" not in dict(composed(results("BB")).facts)


def test_a_resolved_message_says_from_when_to_when_and_by_what() -> None:
    message = composed(results("oBBBoo"))
    assert (message.stage, message.word, message.steps) == (Stage.RESOLVED, "RESOLVED", ())
    assert message.before == "roc_auc is 0.83 (limit 0.84, usual 0.86)."
    assert message.detail == "2 windows in a row are fine: roc_auc 0.86 (usual 0.86)."
    assert dict(message.facts) == {
        "Breached": "2026-11-02 to 2026-11-04",
        "Open for": "3 d of window time",
        "Closed by": "data of window 2026-11-06",
        "Owner": "team:growth",
    }
    assert message.small[1:] == ("window 2026-11-06", "closes after 2 fine windows")


def test_a_schema_has_no_number_and_one_window_is_named_once() -> None:
    message = composed(results("oCoo", "schema", value=None))
    assert message.before == "schema is broken."
    assert message.detail == "2 windows in a row are fine."
    assert dict(message.facts)["Breached"] == "2026-11-02"


def test_all_that_fired_is_fine_again() -> None:
    message = composed(results("BBoo"), results("BBoo", "log_loss"))
    assert message.detail.endswith("So are all 2 checks.")


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
