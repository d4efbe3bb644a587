"""`mlmon approve`, `exception`, `serious`, `coverage`: what is promised, and what is watched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from monitoring_pipelines.cli.handling import BY
from monitoring_pipelines.cli.output import format_option, show
from monitoring_pipelines.cli.project import Moment, find_model, moment, now

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from monitoring_pipelines.pipeline.model import Model

COLUMNS = ("signal", "active", "verdict", "what", "says")
REASON = click.option("--reason", required=True, help="Why; it is kept for ever.")


@click.command()
@click.argument("model")
@click.argument("version")
@REASON
@click.option("--until", type=Moment(), help="Day on which the approval ends.")
@click.option("--withdraw", is_flag=True, help="Take it back.")
@BY
@click.pass_obj
def approve(folder: Path, /, model: str, version: str, by: str, **options: Any) -> None:
    """Let VERSION of MODEL serve from now on; a record of the evidence chain says who and why."""
    from monitoring_pipelines.pipeline import promises
    from monitoring_pipelines.pipeline.environment import open_store
    from monitoring_pipelines.pipeline.handling import By

    found, at = find_model(folder, model), now()
    if options["withdraw"] and options["until"]:
        raise click.UsageError("Give either --until or --withdraw.")
    end = at if options["withdraw"] else moment(options["until"], found.config.zone)
    store, why = open_store(found.root), options["reason"]
    done = promises.approve(store, found.config, version, why, By(by, at), end)
    click.echo(done.sentence)


@click.command()
@click.argument("model")
@click.argument("rule")
@click.option("--until", type=Moment(), required=True, help="Day on which the exception ends.")
@REASON
@BY
@click.pass_obj
def exception(folder: Path, /, model: str, rule: str, until: date, reason: str, by: str) -> None:
    """Let RULE, such as GOV-03, fail for MODEL for a while: it is a warning meanwhile."""
    from monitoring_pipelines.pipeline import promises
    from monitoring_pipelines.pipeline.environment import open_store
    from monitoring_pipelines.pipeline.handling import By

    found = find_model(folder, model)
    end = moment(until, found.config.zone)
    assert end is not None  # noqa: S101 - the option is required
    by_whom = By(by, now())
    done = promises.except_from(open_store(found.root), found.config, rule, reason, by_whom, end)
    click.echo(done.sentence)


@click.command()
@click.argument("model")
@click.argument("incident")
@click.option(
    "--kind",
    type=click.Choice(["general", "death", "widespread"]),
    default="general",
    help="15, 10 or 2 days to report it: Article 73 of the EU AI Act.",
)
@click.option("--aware", type=Moment(), help="When somebody knew of it; by default now.")
@click.option("--reported", is_flag=True, help="It was reported; --at says when, else now.")
@click.option("--at", type=Moment(), help="When it was reported.")
@REASON
@BY
@click.pass_obj
def serious(folder: Path, /, model: str, incident: str, by: str, **options: Any) -> None:
    """Start the clock of an INCIDENT that has to be reported, or say that it was.

    INCIDENT is any name: an id of `mlmon incidents`, or the number of a complaint.
    """
    from monitoring_pipelines.pipeline import promises
    from monitoring_pipelines.pipeline.environment import open_store
    from monitoring_pipelines.pipeline.handling import By

    found, who, why = find_model(folder, model), By(by, now()), options["reason"]
    if options["at"] and not options["reported"]:
        raise click.UsageError("--at goes with --reported.")
    aware, at = (moment(options[name], found.config.zone) for name in ("aware", "at"))
    store = open_store(found.root)
    if options["reported"]:
        done = promises.mark_reported(store, found.config, incident, why, who, at)
    else:
        clock = promises.Clock(incident, options["kind"], aware)
        done = promises.mark_serious(store, found.config, clock, why, who)
    click.echo(done.sentence)


@click.command()
@click.argument("model")
@format_option("table", "json")
@click.pass_obj
def coverage(folder: Path, /, model: str, style: str) -> None:
    """List what is watched of MODEL, and what is not for want of which field.

    What needs a person stays an open box, whatever the rules find. Exit code 1 if a rule fails.
    """
    from monitoring_pipelines.pipeline.coverage import cover

    found: Model = find_model(folder, model)
    signals = cover(found, now())
    rows: list[dict[str, Any]] = [signal._asdict() for signal in signals]
    if style == "table":
        for row in rows:
            row["active"] = "yes" if row["active"] else "no"
    show(rows, style, COLUMNS)
    if style == "table":
        active = sum(signal.active for signal in signals)
        click.echo(f"{active} of {len(signals)} signals of {model} are active.")
    if any(signal.verdict == "fail" for signal in signals):
        raise SystemExit(1)
