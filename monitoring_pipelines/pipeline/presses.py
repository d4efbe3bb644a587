"""What a pressed button does, whichever way it came in, and who may press it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.alerts.silence import SilenceKind
from monitoring_pipelines.errors import DeliveryError, HandlingError
from monitoring_pipelines.notify.press import ACK, FEEDBACK, Press, read_press
from monitoring_pipelines.pipeline.handling import (
    By,
    acknowledge,
    give_feedback,
    silence_incident,
)
from monitoring_pipelines.store.handling import channels
from monitoring_pipelines.store.incidents import one

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import sqlalchemy as sa

    from monitoring_pipelines.notify.slack_app import Identity

LOG = logging.getLogger(__name__)
ACKNOWLEDGED_FOR = timedelta(hours=24)
# a longer silence is for those who are named
FREE = timedelta(hours=24)
SILENCES = {
    "4h": timedelta(hours=4),
    "1d": timedelta(days=1),
    "7d": timedelta(days=7),
    "expected": timedelta(days=30),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Obeys presses from one workspace and app.

    `admins` are ids of the users who may silence for longer than a day. `after` is called with the
    name of the model whose messages have to change, `whisper` with channel, user and words.
    """

    engine: sa.Engine
    identity: Identity
    admins: frozenset[str]
    after: Callable[[str], None]
    whisper: Callable[[str, str, str], None]

    def hear(self, payload: Any, now: datetime) -> None:
        """Do what was pressed, or say to who pressed it why not. Only ids are logged."""
        press = read_press(payload)
        if press is None:
            LOG.info("ignored: no button of ours")
            return
        if not self._is_ours(press):
            # nobody of ours pressed it, so nobody is answered
            LOG.warning("refused: team %s (%s), app %s", press.team, press.home, press.app)
            return
        try:
            model = self._obey(press, now)
        except HandlingError as error:
            LOG.warning("refused: %s %s by %s", press.action, press.incident, press.user)
            self._answer(press, str(error))
            return
        LOG.info("done: %s %s by %s", press.action, press.incident, press.user)
        self.after(model)

    def _is_ours(self, press: Press) -> bool:
        team, app = self.identity
        return press.team == press.home == team and app in {None, press.app}

    def _obey(self, press: Press, now: datetime) -> str:
        """Change what is known of the incident; its model."""
        with self.engine.connect() as connection:
            incident = one(connection, press.incident)
            here = incident is not None and press.channel in channels(connection, press.incident)
        if incident is None or not here:
            # the same words for both: another channel learns nothing about an incident
            raise HandlingError(f"There is no incident '{press.incident}' in this channel.")
        by = By(press.by, now, press.key)
        if press.action == ACK:
            acknowledge(self.engine, press.incident, now + ACKNOWLEDGED_FOR, by)
        elif press.action == FEEDBACK:
            give_feedback(self.engine, press.incident, press.choice, by)
        else:
            self._silence(press, by)
        return str(incident["model"])

    def _silence(self, press: Press, by: By) -> None:
        span = SILENCES.get(press.choice)
        if span is None:
            raise HandlingError(f"'{press.choice}' is no time to silence for.")
        if span > FREE and press.user not in self.admins:
            raise HandlingError(
                "Only those named in MONITORING_SLACK_ADMINS may silence for more than 24 hours. "
                "Ask one of them, or choose a shorter time."
            )
        kind = SilenceKind.EXPECTED if press.choice == "expected" else SilenceKind.MANUAL
        silence_incident(self.engine, press.incident, by.at + span, by, kind)

    def _answer(self, press: Press, words: str) -> None:
        try:
            self.whisper(press.channel, press.user, words)
        except DeliveryError as error:
            LOG.warning("no answer to %s: %s", press.user, type(error).__name__)
