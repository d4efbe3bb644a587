"""What people do about incidents, from wherever they do it: command line, button, or a program.

Each is one transaction that leaves an event with who did it.
"""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.alerts.handling import ACKNOWLEDGED, FEEDBACK, UNACKNOWLEDGED, Feedback
from monitoring_pipelines.alerts.silence import MATCHERS, Silence, SilenceKind
from monitoring_pipelines.errors import HandlingError, suggestion
from monitoring_pipelines.store import handling
from monitoring_pipelines.store.incidents import Event, firing, one, record
from monitoring_pipelines.store.locks import exclusive

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    import sqlalchemy as sa

LONGEST = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class By:
    """Who does something, and when. With a `key` it is done once, however often it is asked for."""

    name: str
    at: datetime
    key: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, in one sentence, and the model whose messages it changes ("" for any)."""

    sentence: str
    model: str = ""


BEFORE = Done("That was done before.")


def acknowledge(engine: sa.Engine, id_: str, until: datetime, by: By) -> Done:
    """Somebody takes care of an incident: nobody is called again before `until`."""
    _check_end(by.at, until)
    with _locked(engine, id_) as (connection, incident):
        if _was_done(connection, id_, by):
            return BEFORE
        _require_open(incident)
        record(connection, id_, Event(ACKNOWLEDGED, by.name, {"until": until.isoformat()}), by.at)
    told = f"{id_} is acknowledged by {by.name} until {until:%Y-%m-%d %H:%M %Z}."
    return Done(told, incident["model"])


def unacknowledge(engine: sa.Engine, id_: str, by: By) -> Done:
    """Take an acknowledgement back."""
    with _locked(engine, id_) as (connection, incident):
        if _was_done(connection, id_, by):
            return BEFORE
        _require_open(incident)
        record(connection, id_, Event(UNACKNOWLEDGED, by.name, {}), by.at)
    return Done(f"{id_} is acknowledged no more.", incident["model"])


def give_feedback(engine: sa.Engine, id_: str, verdict: str, by: By) -> Done:
    """Say what an incident turned out to be; the last word counts."""
    if verdict not in {*Feedback}:
        raise HandlingError(f"'{verdict}' is no verdict. {suggestion(verdict, Feedback)}")
    with _locked(engine, id_) as (connection, incident):
        if _was_done(connection, id_, by):
            return BEFORE
        record(connection, id_, Event(FEEDBACK, by.name, {"verdict": verdict}), by.at)
    return Done(f"{id_} is noted as {verdict.replace('_', ' ')}.", incident["model"])


def silence(engine: sa.Engine, wanted: Silence, by: By) -> Done:
    """Announce nothing that the silence covers while it lasts."""
    _check_end(max(wanted.starts_at, by.at), wanted.ends_at)
    if not wanted.matchers:
        raise HandlingError("A silence of everything is refused: name a model, cause or metric.")
    for name in wanted.matchers:
        if name not in MATCHERS:
            raise HandlingError(f"'{name}' cannot be matched. {suggestion(name, MATCHERS)}")
    with engine.begin() as connection:
        exclusive(connection, "silences")
        if _was_done(connection, wanted.id, by):
            return BEFORE
        handling.add_silence(connection, wanted, by.at)
        covered = _covered(connection, wanted)
    what = ", ".join(f"{name} {pattern}" for name, pattern in wanted.matchers.items())
    told = f"{wanted.id} silences {what} until {wanted.ends_at:%Y-%m-%d %H:%M %Z}."
    return Done(f"{told} Open incidents in it: {', '.join(covered) or 'none'}.")


def silence_incident(
    engine: sa.Engine, id_: str, until: datetime, by: By, kind: SilenceKind = SilenceKind.MANUAL
) -> Done:
    """Silence what one incident is about: its model and its cause."""
    with engine.connect() as connection:
        incident = _known(connection, id_)
    _require_open(incident)
    wanted = Silence(
        id=new_id(),
        kind=kind,
        matchers={"model": _literal(incident["model"]), "cause": incident["cause"]},
        starts_at=by.at,
        ends_at=until,
        created_by=by.name,
        reason=f"asked for at {id_}",
    )
    return replace(silence(engine, wanted, by), model=incident["model"])


def new_id() -> str:
    """Name of a new silence."""
    return f"sil_{uuid.uuid4().hex[:10]}"


def unsilence(engine: sa.Engine, id_: str, by: By) -> Done:
    """Let a silence end now."""
    with engine.begin() as connection:
        if not handling.end_silence(connection, id_, by.at):
            raise HandlingError(f"There is no silence '{id_}' that is not over.")
    return Done(f"{id_} is over.")


def _check_end(start: datetime, until: datetime) -> None:
    if until <= start:
        raise HandlingError(f"{until:%Y-%m-%d %H:%M} is not after {start:%Y-%m-%d %H:%M}.")
    if until - start > LONGEST:
        raise HandlingError(f"{(until - start).days} days are too long; at most {LONGEST.days}.")


def _covered(connection: sa.Connection, silence: Silence) -> list[str]:
    """Open incidents of which nothing is left once the silence has begun."""
    return sorted(
        incident
        for incident, names in firing(connection).items()
        if all(silence.covers(name, silence.starts_at) for name in names)
    )


def _known(connection: sa.Connection, id_: str) -> dict[str, Any]:
    incident = one(connection, id_)
    if incident is None:
        raise HandlingError(f"There is no incident '{id_}'; `mlmon incidents` lists them.")
    return incident


def _require_open(incident: dict[str, Any]) -> None:
    if incident["state"] != "open":
        raise HandlingError(
            f"{incident['id']} is {incident['state']}; there is nothing to take care of."
        )


@contextmanager
def _locked(engine: sa.Engine, id_: str) -> Iterator[tuple[sa.Connection, dict[str, Any]]]:
    """A transaction in which nobody else adds an event to the incident."""
    with engine.connect() as connection:
        model = _known(connection, id_)["model"]
    with engine.begin() as connection:
        exclusive(connection, f"alerts:{model}")
        yield connection, _known(connection, id_)


def _was_done(connection: sa.Connection, id_: str, by: By) -> bool:
    if not by.key:
        return False
    return handling.seen(connection, by.key, {"about": id_, "by": by.name}, by.at)


def _literal(text: str) -> str:
    """A pattern that matches `text` only."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in text)


def handled(row: Mapping[str, Any]) -> str:
    """What people did about an incident, in a word and a name."""
    if row["feedback"]:
        return str(row["feedback"]).replace("_", " ")
    if row["acknowledged_by"]:
        return f"acknowledged by {row['acknowledged_by']}"
    if row["silenced_until"]:
        return "silenced"
    return f"explained by {row['inhibited_by']}" if row["inhibited_by"] else ""
