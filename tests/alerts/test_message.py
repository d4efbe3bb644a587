from __future__ import annotations

import json

from monitoring_pipelines.alerts.message import AlertMessage, Chart, Stage, Table
from tests.alerts.histories import results
from tests.alerts.test_compose import composed
from tests.notify.messages import message


def test_a_message_survives_the_outbox() -> None:
    for told in (composed(results("BB")), composed(results("BBoo"))):
        payload = told.to_json()
        assert json.loads(json.dumps(payload)) == payload
        assert AlertMessage.from_json(payload) == told


def test_so_does_everything_that_it_can_hold() -> None:
    chart = Chart("roc_auc", ("a", "b"), (None, 0.8), limit=0.83)
    full = message(
        chart=chart, table=Table(("x",), (("1",),)), mentions=("S0ML",), handled="By ana."
    )
    assert AlertMessage.from_json(json.loads(json.dumps(full.to_json()))) == full


def test_one_that_was_written_before_it_could_hold_so_much_is_read_too() -> None:
    payload = message().to_json()
    for name in ("chart", "table", "layout", "mentions", "handled", "has_buttons"):
        del payload[name]
    assert AlertMessage.from_json(payload) == message()


def test_only_trouble_that_is_there_is_open() -> None:
    assert {stage for stage in Stage if stage.is_open} == {Stage.FIRING, Stage.ACKNOWLEDGED}
