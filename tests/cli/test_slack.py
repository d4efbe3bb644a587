"""`mlmon slack listen`, as a process of its own: from the press to the edited message."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from slack_sdk.signature import SignatureVerifier

from tests.fake_slack import TOKEN, without_proxy
from tests.fake_socket import APP_TOKEN, CHANNEL, FakeSocket, pressed, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Project

SECRET = "a-signing-secret-of-the-tests"
START_S = 60.0


@pytest.fixture
def fake(project: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSocket]:
    del project  # it takes away what is set here
    without_proxy(monkeypatch)
    with FakeSocket() as running:
        for name, value in {
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": running.url,
            "SLACK_CHANNEL": CHANNEL,
            "MONITORING_SLACK_ADMINS": "U0BOSS",
        }.items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def incident(project: Project, fake: FakeSocket) -> str:
    """An open incident whose message stands in the channel."""
    project("run", "churn")
    assert [m.get("thread_ts") for m in fake.messages] == [None, fake.messages[0]["ts"]]
    return str(project.json("incidents")[0]["id"])


class Listener:
    """A running `mlmon slack listen`."""

    def __init__(self, root: Path, *options: str) -> None:
        self.log = root / f"listen-{time.monotonic_ns()}.log"
        code = "from monitoring_pipelines.cli.main import console; console()"
        command = [sys.executable, "-c", code, "--project", str(root), "slack", "listen", *options]
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(command, stderr=out, stdout=out)

    def logged(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def wait_for(self, words: str) -> None:
        until(lambda: words in self.logged() or self.process.poll() is not None, START_S)
        assert words in self.logged(), self.logged()

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)


@contextmanager
def listening(project: Project, *options: str) -> Iterator[Listener]:
    listener = Listener(project.root, *options)
    try:
        listener.wait_for("listening")
        yield listener
    finally:
        if listener.process.poll() is None:
            listener.process.kill()
            listener.process.wait()


def elements(fake: FakeSocket) -> dict[str, Any]:
    """Buttons and menus below the incident's message, by their action."""
    drawn = fake.messages[0]["blocks"]
    found = [e for block in drawn if block["type"] == "actions" for e in block["elements"]]
    return {element["action_id"]: element for element in found}


def state(project: Project) -> str:
    return str(project.json("incidents")[0]["handled"])


def test_from_the_press_to_the_edited_message(
    project: Project, fake: FakeSocket, incident: str
) -> None:
    root = fake.messages[0]
    with listening(project) as first, listening(project):
        value = elements(fake)["mlmon.ack"]["value"]
        envelope = fake.press("mlmon.ack", value, message={"text": "of the data"})
        until(lambda: root["edits"] == 1)
        assert state(project) == "acknowledged by ana (U0ANA)"
        assert "ACKNOWLEDGED" in root["text"]
        assert "mlmon.ack" not in elements(fake)
        # nobody is called by it
        assert len(fake.messages) == 2

        for connection in (0, 1):
            fake.deliver(envelope, connection)
        until(lambda: fake.is_settled(envelope, times=3))
        week = elements(fake)["mlmon.silence"]["options"][2]["value"]
        fake.press("mlmon.silence", week)
        (whisper,) = until(lambda: fake.whispers)
        assert whisper["text"].startswith("Only those named in MONITORING_SLACK_ADMINS")
        [told] = project.json("incidents", incident)
        assert [event["type"] for event in told["events"]] == ["opened", "acknowledged"]

        fake.press("mlmon.silence", week, user="U0BOSS")
        until(lambda: len(project.json("silences")) == 1)
        assert first.end() == 0
        assert first.logged().endswith("ended\n")
        for secret in (TOKEN, APP_TOKEN, "of the data", "ticket"):
            assert secret not in first.logged()


def test_an_interrupt_ends_it_too(project: Project, fake: FakeSocket) -> None:
    with listening(project) as listener:
        assert fake.n_connected == 1
        assert listener.end(signal.SIGINT) == 0


def test_the_same_over_http(project: Project, fake: FakeSocket, incident: str) -> None:
    def post(payload: Any, secret: str = SECRET) -> int:
        body = urlencode({"payload": json.dumps(payload)})
        at = str(int(time.time()))
        signature = SignatureVerifier(secret).generate_signature(timestamp=at, body=body)
        headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": str(signature)}
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("POST", "/", body, headers)
        status = connection.getresponse().status
        connection.close()
        return status

    with listening(project, "--http", "0") as listener:
        port = int(listener.logged().rsplit(":", 1)[1])
        assert post(pressed("mlmon.ack", incident), "another secret") == 401
        assert post(pressed("mlmon.ack", incident)) == 200
        until(lambda: fake.messages[0]["edits"] == 1)
        assert state(project) == "acknowledged by ana (U0ANA)"
        assert listener.end() == 0


@pytest.mark.parametrize(
    ("options", "missing"),
    [
        ((), "SLACK_APP_TOKEN"),
        (("--http", "0"), "SLACK_SIGNING_SECRET"),
    ],
)
def test_what_is_missing_is_one_line(
    project: Project, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], missing: str
) -> None:
    monkeypatch.delenv(missing, raising=False)
    done = project("slack", "listen", *options)
    assert done.exit_code == 2
    assert done.stderr == (
        f"mlmon: {missing} is not set; docs/handling-alerts.md says where to find it.\n"
    )


def test_a_token_that_is_refused_is_one_line(
    project: Project, fake: FakeSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-wrong")
    assert fake.url
    done = project("slack", "listen")
    assert (done.exit_code, done.stderr) == (2, "mlmon: invalid_auth\n")
