"""`mlmon slack listen`: obey the buttons below the messages."""

from __future__ import annotations

import logging
import os
import signal
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from monitoring_pipelines.cli.project import find_models, root_of
from monitoring_pipelines.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring_pipelines.pipeline.presses import Desk

LOG = logging.getLogger(__name__)


@click.group()
def slack() -> None:
    """Talk with Slack."""


@slack.command()
@click.option("--http", "port", type=click.IntRange(0, 65535), help="Serve this port instead.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address for --http.")
@click.pass_obj
def listen(folder: Path, /, port: int | None, host: str) -> None:
    """Obey the buttons below the messages, until the process is told to end.

    Over Socket Mode, which needs SLACK_APP_TOKEN and no public address; with --http over HTTP
    requests that are signed with SLACK_SIGNING_SECRET.
    """
    from monitoring_pipelines.pipeline.environment import APP_TOKEN, SIGNING_SECRET

    secret = _needed(APP_TOKEN if port is None else SIGNING_SECRET)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("monitoring_pipelines").setLevel(logging.INFO)
    desk, base_url = _desk(folder, secret if port is None else None)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    # one at a time and in order; what was acknowledged is finished before the process ends
    with ThreadPoolExecutor(max_workers=1) as worker:

        def hear(payload: Any) -> None:
            worker.submit(desk.hear, payload, datetime.now(UTC)).add_done_callback(_report)

        if port is None:
            from monitoring_pipelines.notify.socket_mode import listen_on_socket

            listen_on_socket(secret, base_url, hear, stop)
        else:
            from monitoring_pipelines.notify.interactivity import InteractivityServer

            InteractivityServer((host, port), secret, hear).serve_until(stop)
    LOG.info("ended")


def _desk(folder: Path, app_token: str | None) -> tuple[Desk, str]:
    """The desk for this environment, and where Slack's API is."""
    from monitoring_pipelines.notify.slack import SlackNotifier
    from monitoring_pipelines.notify.slack_app import SlackApp
    from monitoring_pipelines.pipeline import environment
    from monitoring_pipelines.pipeline.presses import Desk

    url = os.environ.get("SLACK_API_URL") or SlackNotifier.BASE_URL
    base_url = f"{url.rstrip('/')}/"
    app = SlackApp(_needed(environment.TOKEN), base_url)
    store = environment.open_store(root_of(folder))
    models = list(find_models(folder).values())

    def after(model: str) -> None:
        concerned = [m for m in models if m.name == model]
        environment.look_again(concerned, store, datetime.now(UTC), also=model)
        environment.deliver(store)

    identity = app.identity(app_token)
    if identity.app is None:
        LOG.warning("Slack does not tell which app this is; only the workspace is compared")
    desk = Desk(
        engine=store.engine,
        identity=identity,
        admins=environment.slack_admins(),
        after=after,
        whisper=app.whisper,
    )
    return desk, base_url


def _needed(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise ConfigError(f"{name} is not set; docs/handling-alerts.md says where to find it.")
    return value


def _report(done: Future[None]) -> None:
    """Say that a press failed; its traceback could hold what people wrote."""
    error = done.exception()
    if error is not None:
        LOG.error("a press was not obeyed: %s", type(error).__name__)
