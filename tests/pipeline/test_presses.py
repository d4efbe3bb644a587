"""What a press does, and from whom and where it is refused."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.alerts.handling import Feedback
from monitoring_pipelines.alerts.message import Stage
from monitoring_pipelines.errors import DestinationError
from monitoring_pipelines.notify.blocks import blocks
from monitoring_pipelines.notify.press import read_press
from monitoring_pipelines.notify.slack_app import Identity
from monitoring_pipelines.pipeline.presses import SILENCES, Desk
from monitoring_pipelines.store.handling import silences
from monitoring_pipelines.store.schema import inbox, incident_events, messages
from tests.alerts.histories import result
from tests.databases import put
from tests.fake_socket import APP, CHANNEL, TEAM, pressed
from tests.notify.messages import message
from tests.pipeline.test_alerting import HOUR, NOW, column, judge
from tests.pipeline.test_handling import opened

if TYPE_CHECKING:
    import sqlalchemy as sa

ADMIN = "U0BOSS"


class Office:
    """A desk with an incident whose message stands in the usual channel."""

    def __init__(self, engine: sa.Engine, app: str | None = APP) -> None:
        self.engine, self.id = engine, opened(engine)
        self.changed: list[str] = []
        self.told: list[tuple[str, str, str]] = []
        with engine.begin() as connection:
            connection.execute(
                messages.insert().values(
                    incident_id=self.id, destination=f"slack:{CHANNEL}", channel=CHANNEL, ts="1.0"
                )
            )
        self.desk = Desk(
            engine=engine,
            identity=Identity(TEAM, app),
            admins=frozenset({ADMIN}),
            after=self.changed.append,
            whisper=lambda *told: self.told.append(told),
        )

    def press(self, action: str, choice: str = "", **other: Any) -> None:
        value = f"{self.id}|{choice}" if choice else self.id
        user = other.pop("user_id", "U0ANA")
        self.desk.hear(pressed(action, value, user) | other, NOW)

    @property
    def events(self) -> list[str]:
        return [e for e in column(self.engine, incident_events, "type") if e != "opened"]


@pytest.fixture
def office(alert_engine: sa.Engine) -> Office:
    return Office(alert_engine)


def test_acknowledged_for_a_day_by_who_pressed_it(office: Office) -> None:
    office.press("mlmon.ack")
    assert office.events == ["acknowledged"]
    assert column(office.engine, incident_events, "actor")[-1] == "ana (U0ANA)"
    until = (NOW + 24 * HOUR).isoformat()
    assert column(office.engine, incident_events, "payload")[-1] == {"until": until}
    assert office.changed == ["churn"]
    assert office.told == []


@pytest.mark.parametrize(("choice", "hours", "kind"), [("4h", 4, "manual"), ("1d", 24, "manual")])
def test_everybody_silences_for_a_day(office: Office, choice: str, hours: int, kind: str) -> None:
    office.press("mlmon.silence", choice)
    with office.engine.connect() as connection:
        (made,) = silences(connection)
    assert (made.ends_at, made.kind) == (NOW + hours * HOUR, kind)
    assert made.matchers == {"model": "churn", "cause": "performance"}
    assert office.changed == ["churn"]


@pytest.mark.parametrize(
    ("choice", "days", "kind"), [("7d", 7, "manual"), ("expected", 30, "expected")]
)
def test_only_those_who_are_named_silence_for_longer(
    office: Office, choice: str, days: int, kind: str
) -> None:
    office.press("mlmon.silence", choice)
    ((channel, user, words),) = office.told
    assert (channel, user) == (CHANNEL, "U0ANA")
    assert words.startswith("Only those named in MONITORING_SLACK_ADMINS may silence for more")
    assert office.changed == []
    office.press("mlmon.silence", choice, user_id=ADMIN)
    with office.engine.connect() as connection:
        (made,) = silences(connection)
    assert (made.ends_at, made.kind) == (NOW + 24 * days * HOUR, kind)


def test_feedback_also_when_it_is_over(office: Office) -> None:
    judge(office.engine, [result(3, "o"), result(4, "o")])
    office.press("mlmon.feedback", "false_alarm")
    assert office.events == ["resolved", "feedback"]
    assert office.changed == ["churn"]


def test_the_same_press_twice_is_obeyed_once(office: Office) -> None:
    office.press("mlmon.ack")
    office.press("mlmon.ack")
    assert office.events == ["acknowledged"]
    # the first may have ended before it brought the messages up to date
    assert office.changed == ["churn", "churn"]
    assert column(office.engine, inbox, "key") == ["slack:U0ANA:1.000001"]


def test_the_same_press_at_once_over_many_connections_is_obeyed_once(office: Office) -> None:
    threads = [
        threading.Thread(target=office.press, args=("mlmon.silence", "4h")) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with office.engine.connect() as connection:
        assert len(silences(connection)) == 1
    assert office.changed == ["churn"] * 8


@pytest.mark.parametrize(
    "other",
    [
        {"team": {"id": "T0OTHER"}},
        {"user": {"id": "U0ANA", "team_id": "T0OTHER"}},
        {"team": {"id": "T0OTHER"}, "user": {"id": "U0ANA", "team_id": TEAM}},
        {"api_app_id": "A0OTHER"},
        {"type": "message_action"},
        {"actions": []},
    ],
)
def test_what_is_not_ours_is_neither_obeyed_nor_answered(
    office: Office, other: dict[str, Any]
) -> None:
    office.press("mlmon.ack", **other)
    assert (office.events, office.changed, office.told) == ([], [], [])


def test_the_app_is_compared_only_if_slack_tells_it(alert_engine: sa.Engine) -> None:
    office = Office(alert_engine, app=None)
    office.press("mlmon.ack", api_app_id="A0WHICH")
    assert office.events == ["acknowledged"]


def test_another_channel_learns_nothing_of_an_incident(office: Office) -> None:
    office.press("mlmon.ack", channel={"id": "C0OTHER"})
    office.desk.hear(pressed("mlmon.ack", "inc_0000000000"), NOW)
    assert office.told == [
        ("C0OTHER", "U0ANA", f"There is no incident '{office.id}' in this channel."),
        (CHANNEL, "U0ANA", "There is no incident 'inc_0000000000' in this channel."),
    ]
    assert (office.events, office.changed) == ([], [])


@pytest.mark.parametrize(
    ("action", "choice", "words"),
    [
        ("mlmon.silence", "", "'' is no time to silence for."),
        ("mlmon.silence", "99999d", "'99999d' is no time to silence for."),
        ("mlmon.feedback", "great", "'great' is no verdict."),
    ],
)
def test_a_choice_that_no_button_of_ours_has(
    office: Office, action: str, choice: str, words: str
) -> None:
    office.press(action, choice)
    assert office.told[0][2].startswith(words)
    assert office.events == []


def test_what_is_over_is_neither_acknowledged_nor_silenced(office: Office) -> None:
    put(office.engine, [result(3, "o"), result(4, "o")])
    judge(office.engine)
    for action, choice in (("mlmon.ack", ""), ("mlmon.silence", "4h")):
        office.press(action, choice)
    words = f"{office.id} is resolved; there is nothing to take care of."
    assert [told[2] for told in office.told] == [words] * 2


@pytest.mark.parametrize("stage", [Stage.FIRING, Stage.RESOLVED])
def test_every_button_that_is_drawn_is_understood(stage: Stage) -> None:
    drawn = [b for b in blocks(message(stage=stage, has_buttons=True)) if b["type"] == "actions"]
    values = [
        (element["action_id"], option["value"])
        for element in drawn[0]["elements"]
        if "url" not in element  # a link is followed, and a press of it is none of ours
        for option in element.get("options", [element])
    ]
    known = {"mlmon.ack": {""}, "mlmon.silence": {*SILENCES}, "mlmon.feedback": {*Feedback}}
    for action, value in values:
        press = read_press(pressed(action, value))
        assert press is not None
        assert press.choice in known[action]


def test_an_answer_that_fails_is_only_logged(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: str) -> None:
        raise DestinationError("not_in_channel <secret>")

    desk = Desk(
        engine=office.engine, identity=Identity(TEAM), admins=frozenset(),
        after=office.changed.append, whisper=fail,
    )  # fmt: skip
    desk.hear(pressed("mlmon.ack", "inc_0000000000"), NOW)
    assert "no answer to U0ANA: DestinationError" in caplog.text
    assert "secret" not in caplog.text


def test_only_ids_are_logged(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    user = {"id": "U0ANA", "username": "ana the secret"}
    office.press("mlmon.ack", user=user, message={"text": "secret"})
    assert f"done: mlmon.ack {office.id} by U0ANA" in caplog.text
    assert "secret" not in caplog.text
