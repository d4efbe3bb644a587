"""The Slack app beside its messages: who it is, and a word that only one person sees."""

from __future__ import annotations

import logging
from typing import NamedTuple

from slack_sdk import WebClient

from monitoring_pipelines.errors import DestinationError
from monitoring_pipelines.notify.safe import inert
from monitoring_pipelines.notify.slack_call import call

MAX_WORDS = 300
TIMEOUT_S = 10
# the SDK logs whole payloads; what went wrong is told by the errors raised here
QUIET = logging.getLogger(f"{__name__}.sdk")
QUIET.setLevel(logging.CRITICAL + 1)


class Identity(NamedTuple):
    """Workspace and app that buttons are obeyed from; Slack does not always tell the app."""

    team: str
    app: str | None = None


class SlackApp:
    """Asks and whispers; `base_url` ends in ``/``."""

    def __init__(self, token: str, base_url: str = WebClient.BASE_URL) -> None:
        self._token = token
        self._client = client(base_url)

    def identity(self, app_token: str | None = None) -> Identity:
        """Who this is; a token of the app itself tells the app if the bot's does not."""
        answer = call(self._client.auth_test, token=self._token)
        team, app = answer.get("team_id"), answer.get("app_id")
        if not team:
            raise DestinationError("Slack does not say which workspace the token belongs to")
        if not app and app_token:
            app = _app_of(self._client, app_token)
        return Identity(str(team), str(app) if app else None)

    def whisper(self, channel: str, user: str, words: str) -> None:
        """Say something that only one person sees."""
        call(
            self._client.chat_postEphemeral,
            token=self._token,
            channel=channel,
            user=user,
            text=inert(words, MAX_WORDS),
        )


def client(base_url: str) -> WebClient:
    """A client that calls once and writes no logs."""
    return WebClient(base_url=base_url, timeout=TIMEOUT_S, retry_handlers=[], logger=QUIET)


def _app_of(web: WebClient, app_token: str) -> str | None:
    try:
        return call(web.auth_test, token=app_token).get("app_id")
    except DestinationError:
        return None  # whether the token works is seen when it opens a connection
