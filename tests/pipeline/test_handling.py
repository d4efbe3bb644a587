"""What people can do about incidents, and what is refused in one sentence."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.alerts.silence import Silence, SilenceKind
from monitoring_pipelines.errors import HandlingError
from monitoring_pipelines.pipeline import handling
from monitoring_pipelines.pipeline.alerting import evaluate
from monitoring_pipelines.store.handling import silences
from monitoring_pipelines.store.schema import incident_events, incidents
from tests.alerts.histories import result, results
from tests.databases import put
from tests.pipeline.test_alerting import HOUR, NOW, column, live

if TYPE_CHECKING:
    import sqlalchemy as sa


ANA = handling.By("ana", NOW)


def opened(engine: sa.Engine, history: str = "oBB") -> str:
    put(engine, results(history))
    evaluate(engine, live(), NOW, "run-1")
    (incident,) = column(engine, incidents, "id")
    return str(incident)


def test_who_acknowledges_it_is_shown_and_can_take_it_back(alert_engine: sa.Engine) -> None:
    id_ = opened(alert_engine)
    until = NOW + 24 * HOUR
    done = handling.acknowledge(alert_engine, id_, until, ANA)
    assert done.sentence == f"{id_} is acknowledged by ana until {until:%Y-%m-%d %H:%M %Z}."
    evaluate(alert_engine, live(), NOW, "run-1")
    assert column(alert_engine, incidents, "acknowledged_by") == ["ana"]
    handling.unacknowledge(alert_engine, id_, ANA)
    evaluate(alert_engine, live(), NOW, "run-1")
    assert column(alert_engine, incidents, "acknowledged_by") == [None]
    assert column(alert_engine, incident_events, "type") == [
        "opened", "acknowledged", "unacknowledged",
    ]  # fmt: skip


def test_what_is_asked_for_twice_is_done_once(alert_engine: sa.Engine) -> None:
    id_ = opened(alert_engine)
    for _ in range(2):
        by = handling.By("ana", NOW, key="envelope-1")
        done = handling.acknowledge(alert_engine, id_, NOW + HOUR, by)
    assert done.sentence == "That was done before."
    assert column(alert_engine, incident_events, "type") == ["opened", "acknowledged"]


def test_feedback_is_given_after_the_end_too_and_the_last_word_counts(
    alert_engine: sa.Engine,
) -> None:
    id_ = opened(alert_engine)
    put(alert_engine, [result(3, "o"), result(4, "o")])
    for verdict in ("fixed", "false_alarm"):
        handling.give_feedback(alert_engine, id_, verdict, ANA)
    evaluate(alert_engine, live(), NOW, "run-2")
    assert column(alert_engine, incidents, "feedback") == ["false_alarm"]


def test_a_silence_of_an_incident_is_of_its_model_and_cause(alert_engine: sa.Engine) -> None:
    id_ = opened(alert_engine)
    until = NOW + 4 * HOUR
    handling.silence_incident(alert_engine, id_, until, ANA, SilenceKind.EXPECTED)
    evaluate(alert_engine, live(), NOW, "run-1")
    assert column(alert_engine, incidents, "silenced_until") == [until]
    with alert_engine.connect() as connection:
        (made,) = silences(connection)
    assert made.matchers == {"model": "churn", "cause": "performance"}
    handling.unsilence(alert_engine, made.id, handling.By("ana", NOW + HOUR))
    evaluate(alert_engine, live(), NOW + HOUR, "run-1")
    assert column(alert_engine, incidents, "silenced_until") == [None]


def silence(engine: sa.Engine, **other: Any) -> str:
    given: dict[str, Any] = {
        "id": handling.new_id(), "kind": SilenceKind.MANUAL, "matchers": {"model": "a"},
        "starts_at": NOW, "ends_at": NOW + HOUR, "created_by": "ana", "reason": "x",
    }  # fmt: skip
    return handling.silence(engine, Silence(**(given | other)), ANA).sentence


def test_maintenance_is_a_silence_that_starts_later(alert_engine: sa.Engine) -> None:
    later = {"starts_at": NOW + HOUR, "ends_at": NOW + 2 * HOUR}
    silence(alert_engine, matchers={"model": "churn"}, **later)
    opened(alert_engine)
    assert column(alert_engine, incidents, "silenced_until") == [None]
    evaluate(alert_engine, live(), NOW + HOUR, "run-1")
    assert column(alert_engine, incidents, "silenced_until") == [NOW + 2 * HOUR]


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"ends_at": NOW}, "2026-12-31 00:00 is not after 2026-12-31 00:00."),
        (
            {"starts_at": NOW - 2 * HOUR, "ends_at": NOW - HOUR},
            "2026-12-30 23:00 is not after 2026-12-31 00:00.",
        ),
        ({"ends_at": NOW + timedelta(days=91)}, "91 days are too long; at most 90."),
        ({"matchers": {}}, "A silence of everything is refused: name a model, cause or metric."),
        ({"matchers": {"modle": "a"}}, "'modle' cannot be matched. Did you mean 'model'?"),
    ],
)
def test_a_silence_that_cannot_be(
    alert_engine: sa.Engine, other: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(HandlingError) as caught:
        silence(alert_engine, **other)
    assert str(caught.value).startswith(sentence)


def test_what_cannot_be_handled_is_told(alert_engine: sa.Engine) -> None:
    id_ = opened(alert_engine)
    put(alert_engine, [result(3, "o"), result(4, "o")])
    evaluate(alert_engine, live(), NOW, "run-2")
    for call, sentence in (
        (lambda: handling.acknowledge(alert_engine, id_, NOW + HOUR, ANA),
         f"{id_} is resolved; there is nothing to take care of."),
        (lambda: handling.silence_incident(alert_engine, id_, NOW + HOUR, ANA),
         f"{id_} is resolved; there is nothing to take care of."),
        (lambda: handling.unacknowledge(alert_engine, "inc_x", ANA),
         "There is no incident 'inc_x'; `mlmon incidents` lists them."),
        (lambda: handling.give_feedback(alert_engine, id_, "false", ANA),
         "'false' is no verdict. Did you mean 'false_alarm'?"),
        (lambda: handling.unsilence(alert_engine, "sil_x", ANA),
         "There is no silence 'sil_x' that is not over."),
    ):  # fmt: skip
        with pytest.raises(HandlingError) as caught:
            call()
        assert str(caught.value).startswith(sentence)
