"""What people decide about a model, as records of the chain: approvals and exceptions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from monitoring_pipelines.errors import HandlingError, suggestion
from monitoring_pipelines.governance.card import Approval, Serious, Waiver, last_words
from monitoring_pipelines.governance.proof import instant
from monitoring_pipelines.governance.rules import RULES
from monitoring_pipelines.pipeline.handling import Done
from monitoring_pipelines.store import evidence

if TYPE_CHECKING:
    import sqlalchemy as sa

    from monitoring_pipelines.config.model import ModelConfig
    from monitoring_pipelines.pipeline.handling import By
    from monitoring_pipelines.store.database import Store


# days after somebody knew of it: Article 73(2), (4) and (3) of the EU AI Act
DEADLINES = {
    "general": timedelta(days=15),
    "death": timedelta(days=10),
    "widespread": timedelta(days=2),
}


def approve(
    store: Store, config: ModelConfig, version: str, reason: str, by: By, until: datetime | None
) -> Done:
    """Let `version` serve from now on, until then; `until` now takes an approval back."""
    _require_name("version", version)
    _require(reason, until, by.at)
    withdrawn = until is not None and until <= by.at
    if withdrawn:
        _require_approved(store, config, version, by.at)
    fields = {
        "version": version,
        "by": by.name,
        "since": instant(by.at),
        "until": instant(until) if until else None,
        "reason": reason,
    }
    with store.write() as connection:
        head = evidence.append(connection, evidence.APPROVAL, config.name, fields)
    if withdrawn:
        return Done(f"Version {version} of {config.name} is approved no more: record {head.seq}.")
    lasts = f" until {until:%Y-%m-%d}" if until else ""
    told = f"{by.name} approved version {version} of {config.name}{lasts}: record {head.seq}."
    if _is_concerned(config, by.name):
        told += " GOV-05 fires, since who owns or made a model cannot approve it."
    return Done(told, config.name)


def except_from(
    store: Store, config: ModelConfig, rule: str, reason: str, by: By, until: datetime
) -> Done:
    """Let a rule fail until then; the verdict is a warning meanwhile."""
    if rule not in RULES:
        RULES[rule]  # says what is known
    _require(reason, until, by.at)
    if until <= by.at:
        raise HandlingError(f"{until:%Y-%m-%d %H:%M} is not after {by.at:%Y-%m-%d %H:%M}.")
    if _is_concerned(config, by.name):
        raise HandlingError(
            f"{by.name} owns or made {config.name}, so an exception has to come from somebody else."
        )
    fields = {
        "rule": rule,
        "by": by.name,
        "since": instant(by.at),
        "until": instant(until),
        "reason": reason,
    }
    with store.write() as connection:
        head = evidence.append(connection, evidence.EXCEPTION, config.name, fields)
    told = f"{config.name} is excepted from {rule} until {until:%Y-%m-%d}: record {head.seq}."
    return Done(told, config.name)


class Clock(NamedTuple):
    """An incident that has to be reported, the kind of its deadline, and when it was known."""

    name: str
    kind: str
    aware_at: datetime | None = None


def mark_serious(store: Store, config: ModelConfig, clock: Clock, reason: str, by: By) -> Done:
    """Start the clock of an incident that has to be reported."""
    _require_name("incident", clock.name)
    _require(reason, None, by.at)
    name, kind, aware = clock.name, clock.kind, clock.aware_at or by.at
    if aware > by.at:
        raise HandlingError(f"{aware:%Y-%m-%d %H:%M} is still to come; say when it was known.")
    fields = {"incident": name, "deadline": kind, "aware": instant(aware), "by": by.name}
    with store.write() as connection:
        if name in {one.name for one in serious(connection, config.name)}:
            raise HandlingError(f"'{name}' of {config.name} is marked already; its clock runs.")
        head = evidence.append(
            connection, evidence.SERIOUS, config.name, {**fields, "reason": reason}
        )
    end = aware + DEADLINES[kind]
    told = f"{name} of {config.name} has to be reported by {end:%Y-%m-%d %H:%M} UTC"
    return Done(f"{told}: record {head.seq}.", config.name)


def mark_reported(
    store: Store, config: ModelConfig, name: str, reason: str, by: By, at: datetime | None
) -> Done:
    """Record that a serious incident was reported; `reason` says to whom, under which number."""
    _require(reason, None, by.at)
    with store.write() as connection:
        known = {one.name: one for one in serious(connection, config.name)}
        if name not in known:
            raise HandlingError(
                f"'{name}' of {config.name} is not marked as serious. {suggestion(name, known)}"
            )
        reported = at or by.at
        if not known[name].aware_at <= reported <= by.at:
            raise HandlingError(
                f"{reported:%Y-%m-%d %H:%M} is not between {known[name].aware_at:%Y-%m-%d %H:%M}, "
                "when it was known, and now."
            )
        fields = {"incident": name, "reported": instant(reported), "by": by.name, "reason": reason}
        head = evidence.append(connection, evidence.SERIOUS, config.name, fields)
    return Done(f"{name} of {config.name} is reported: record {head.seq}.", config.name)


def serious(connection: sa.Connection, model: str) -> tuple[Serious, ...]:
    """What was marked as serious, and whether it was reported."""
    found: dict[str, Serious] = {}
    for record in evidence.of_kind(connection, evidence.SERIOUS, model):
        name = record["incident"]
        if "deadline" in record:
            within = DEADLINES[record["deadline"]]
            found[name] = Serious(name=name, aware_at=_moment(record["aware"]), within=within)
        else:
            found[name] = replace(found[name], reported_at=_moment(record["reported"]))
    return tuple(found.values())


def _require(reason: str, until: datetime | None, now: datetime) -> None:
    if not reason.strip():
        raise HandlingError("Say why: the reason is empty.")
    if until is not None and until < now:
        raise HandlingError(f"{until:%Y-%m-%d %H:%M} is not after {now:%Y-%m-%d %H:%M}.")


def _require_name(what: str, name: str) -> None:
    """Refuse an empty name: a record stays for ever, and a row without a version would match."""
    if not name.strip():
        raise HandlingError(f"Say which {what}: the name is empty.")


def _require_approved(store: Store, config: ModelConfig, version: str, now: datetime) -> None:
    """Refuse to withdraw what was never given: a misspelt version would go on serving."""
    card = config.governance.card(config.owner, config.zone)
    with store.read() as connection:
        given = last_words((*card.approved_versions, *approvals(connection, config.name)), now)
    valid = {name for name, approval in given.items() if not approval.is_over(now)}
    if version not in valid:
        raise HandlingError(
            f"No approval of version '{version}' of {config.name} is in force. "
            f"{suggestion(version, valid)}"
        )


def _is_concerned(config: ModelConfig, person: str) -> bool:
    return config.governance.card(config.owner, config.zone).is_concerned(person)


def approvals(connection: sa.Connection, model: str) -> tuple[Approval, ...]:
    """What was approved by command."""
    return tuple(
        Approval(
            version=record["version"],
            approved_by=record["by"],
            approved_at=_moment(record["since"]),
            expires_at=_moment(record["until"]) if record["until"] else None,
        )
        for record in evidence.of_kind(connection, evidence.APPROVAL, model)
    )


def waivers(connection: sa.Connection, model: str) -> tuple[Waiver, ...]:
    """What was excepted by command."""
    return tuple(
        Waiver(
            rule=record["rule"],
            reason=record["reason"],
            approver=record["by"],
            until=_moment(record["until"]),
            since=_moment(record["since"]),
        )
        for record in evidence.of_kind(connection, evidence.EXCEPTION, model)
    )


def keep_card(store: Store, config: ModelConfig) -> None:
    """Record the card if it is another than before, so that nobody can say it always was."""
    if not config.governance.is_declared:
        return
    card = _exact({"owner": config.owner or "", **config.governance.written})
    with store.read() as connection:
        known = evidence.newest(connection, evidence.CARD, config.name)
    if known is not None and known["card"] == card:
        return
    with store.write() as connection:
        evidence.append(connection, evidence.CARD, config.name, {"card": card})


def _exact(value: Any) -> Any:
    """Fractions as text, and names of columns as values: a record has no others."""
    if isinstance(value, dict):
        if not all(isinstance(name, str) and name.isascii() for name in value):
            return [[name, _exact(inner)] for name, inner in value.items()]
        return {name: _exact(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_exact(inner) for inner in value]
    return repr(value) if isinstance(value, float) else value


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
