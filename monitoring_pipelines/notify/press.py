"""A press of one of our buttons, read from what Slack sends about it.

Everything in it was made elsewhere, so every field is checked for its form. It says who pressed
what; whether that is allowed, and what is true of the incident, is looked up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from monitoring_pipelines.notify.safe import inert

MAX_NAME = 40
ACK, SILENCE, FEEDBACK = "mlmon.ack", "mlmon.silence", "mlmon.feedback"

_FORMS = {
    "team": re.compile(r"T[A-Z0-9]{1,30}"),
    "home": re.compile(r"[TE][A-Z0-9]{1,30}"),
    "app": re.compile(r"A[A-Z0-9]{1,30}"),
    "channel": re.compile(r"[CGD][A-Z0-9]{1,30}"),
    "user": re.compile(r"[UW][A-Z0-9]{1,30}"),
    "action": re.compile("|".join(map(re.escape, (ACK, SILENCE, FEEDBACK)))),
    "incident": re.compile(r"inc_[0-9a-f]{1,64}"),
    "choice": re.compile(r"[a-z0-9_]{0,20}"),
    "at": re.compile(r"[0-9]{1,20}\.[0-9]{1,10}"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """Who pressed which button of which incident, where and when.

    `home` is the workspace of the person, which in a shared channel may be another than the
    `team` of the channel. `by` is how people read who it was; the id in it cannot be chosen.
    """

    team: str
    home: str
    app: str
    channel: str
    user: str
    by: str
    action: str
    incident: str
    choice: str
    at: str

    @property
    def key(self) -> str:
        """The same for every delivery of one press, by whatever envelope or connection it comes."""
        return f"slack:{self.user}:{self.at}"


def read_press(payload: Any) -> Press | None:
    """The press that `payload` tells of; None if it is none of our buttons, or malformed."""
    try:
        if payload["type"] != "block_actions":
            return None
        (action,) = payload["actions"]
        user = payload["user"]
        incident, _, choice = _value(action).partition("|")
        found = Press(
            team=payload["team"]["id"],
            home=user.get("team_id") or payload["team"]["id"],
            app=payload["api_app_id"],
            channel=payload["channel"]["id"],
            user=user["id"],
            by=_by(user),
            action=action["action_id"],
            incident=incident,
            choice=choice,
            at=action["action_ts"],
        )
        is_sound = all(form.fullmatch(getattr(found, name)) for name, form in _FORMS.items())
    except (KeyError, TypeError, ValueError, AttributeError):
        return None  # not of the shape that Slack documents
    return found if is_sound else None


def _value(action: Any) -> Any:
    """What stands behind a button, or behind the option that was chosen."""
    chosen = action.get("selected_option")
    return chosen["value"] if chosen else action["value"]


def _by(user: Any) -> str:
    name = inert(user.get("username") or user.get("name") or "", MAX_NAME)
    # brackets in a name could show another id than that of the person
    name = re.sub(r"[()\[\]{}]", "", name).strip()
    return f"{name} ({user['id']})" if name else str(user["id"])
