"""The channels that this environment has the secrets for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitoring_pipelines.notify.base import Notifier


def notifiers(environ: Mapping[str, str]) -> dict[str, Notifier]:
    """Notifiers by the prefix of their destinations; without a token messages wait.

    >>> notifiers({})
    {}
    """
    token = environ.get("SLACK_BOT_TOKEN")
    if not token:
        return {}
    # slack-sdk is slow to import, and most processes send nothing
    from monitoring_pipelines.notify.slack import SlackNotifier

    channel = environ.get("SLACK_CHANNEL") or None
    url = environ.get("SLACK_API_URL") or SlackNotifier.BASE_URL
    return {"slack": SlackNotifier(token, f"{url.rstrip('/')}/", default_channel=channel)}
