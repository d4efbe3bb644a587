"""The channels that this environment has the secrets for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.notify.apprise import AppriseNotifier
from monitoring_pipelines.notify.pagerduty import BASE_URL, PagerDutyNotifier
from monitoring_pipelines.notify.slack_webhook import SlackWebhookNotifier
from monitoring_pipelines.notify.webhook import WebhookNotifier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitoring_pipelines.notify.base import Memory, Notifier


def notifiers(environ: Mapping[str, str], memory: Memory | None = None) -> dict[str, Notifier]:
    """Notifiers by the prefix of their destinations; without its secret a message waits.

    >>> sorted(notifiers({}))
    ['apprise', 'pagerduty', 'slack_webhook', 'webhook']
    """
    # the destination names the variable, so each notifier knows whether it has its secret
    found: dict[str, Notifier] = {
        "apprise": AppriseNotifier(environ),
        "pagerduty": PagerDutyNotifier(environ, environ.get("PAGERDUTY_API_URL") or BASE_URL),
        "slack_webhook": SlackWebhookNotifier(environ, any_host=bool(environ.get("SLACK_API_URL"))),
        "webhook": WebhookNotifier(environ),
    }
    if url := environ.get("MONITORING_SMTP_URL"):
        from monitoring_pipelines.notify.mail import MailNotifier

        found["email"] = MailNotifier(url)
    if token := environ.get("SLACK_BOT_TOKEN"):
        # slack-sdk is slow to import, and most processes send nothing
        from monitoring_pipelines.notify.slack import SlackNotifier

        base = environ.get("SLACK_API_URL") or SlackNotifier.BASE_URL
        found["slack"] = SlackNotifier(
            token,
            f"{base.rstrip('/')}/",
            default_channel=environ.get("SLACK_CHANNEL") or None,
            memory=memory,
        )
    return found
