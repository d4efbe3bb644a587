"""`mlmon ack`, `feedback`, `silence`, `silences`, `unsilence`: what people do about incidents."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from monitoring_pipelines.cli.output import format_option, show
from monitoring_pipelines.cli.project import Moment, find_models, moment, root_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from monitoring_pipelines.pipeline.handling import Done

COLUMNS = ("id", "kind", "matchers", "starts_at", "ends_at", "created_by", "reason")
KINDS = ("manual", "maintenance", "expected")
BY = click.option("--by", default=getpass.getuser, show_default="your user name", help="Who.")


class Span(click.ParamType["timedelta"]):
    """A time span such as 90m, 4h, 7d."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Understand it as the configuration does."""
        from monitoring_pipelines.config.section import duration
        from monitoring_pipelines.errors import ConfigError

        try:
            return duration(value)
        except ConfigError as error:
            self.fail(str(error), param, ctx)


@click.command()
@click.argument("incident")
@click.option("--for", "span", type=Span(), default="24h", show_default=True, help="How long.")
@click.option("--undo", is_flag=True, help="Take it back.")
@BY
@click.pass_obj
def ack(folder: Path, /, incident: str, span: timedelta, undo: bool, by: str) -> None:  # noqa: FBT001 - a flag of the command line
    """Take care of INCIDENT: nobody is called again for a while."""
    from monitoring_pipelines.pipeline.handling import By, acknowledge, unacknowledge

    def act(engine: Any, now: datetime) -> Done:
        if undo:
            return unacknowledge(engine, incident, By(by, now))
        return acknowledge(engine, incident, now + span, By(by, now))

    _do(folder, act)


@click.command()
@click.argument("incident")
@click.argument("verdict")
@BY
@click.pass_obj
def feedback(folder: Path, /, incident: str, verdict: str, by: str) -> None:
    """Say what INCIDENT was: fixed, expected, false_alarm or no_action."""
    from monitoring_pipelines.pipeline.handling import By, give_feedback

    _do(folder, lambda engine, now: give_feedback(engine, incident, verdict, By(by, now)))


@click.command()
@click.option("--model", help="Pattern, such as churn*.")
@click.option("--cause", help="performance, data_contract, silence or fairness.")
@click.option("--segment", help="Pattern, such as country=BR.")
@click.option("--metric", help="Pattern, such as missing_rate.")
@click.option("--column", help="Pattern, such as campaign_*.")
@click.option("--for", "span", type=Span(), help="How long, such as 4h.")
@click.option("--until", type=Moment(), help="Day on which it ends.")
@click.option("--from", "start", type=Moment(), help="Day on which it starts, for maintenance.")
@click.option("--kind", type=click.Choice(KINDS), help="By default maintenance if it has --from.")
@click.option("--reason", required=True, help="Why; everybody can read it.")
@BY
@click.pass_obj
def silence(folder: Path, /, *, reason: str, by: str, **options: Any) -> None:
    """Announce nothing that matches, until the silence ends."""
    from monitoring_pipelines.alerts.silence import Silence, SilenceKind
    from monitoring_pipelines.pipeline import handling

    start, until, span, kind = (options.pop(n) for n in ("start", "until", "span", "kind"))
    if kind is None:
        kind = "maintenance" if start else "manual"
    if (until is None) == (span is None):
        raise click.UsageError("Give either --for or --until: a silence needs an end.")
    matchers = {name: pattern for name, pattern in options.items() if pattern is not None}

    def act(engine: Any, now: datetime) -> Done:
        first = moment(start) or now
        wanted = Silence(
            id=handling.new_id(),
            kind=SilenceKind(kind),
            matchers=matchers,
            starts_at=first,
            ends_at=moment(until) or first + span,
            created_by=by,
            reason=reason,
        )
        return handling.silence(engine, wanted, handling.By(by, now))

    _do(folder, act)


@click.command()
@click.option("--all", "every", is_flag=True, help="Also those that are over.")
@format_option("table", "json")
@click.pass_obj
def silences(folder: Path, /, every: bool, style: str) -> None:  # noqa: FBT001 - a flag of the command line
    """List what is silenced, the next to end first."""
    from monitoring_pipelines.pipeline.environment import open_store
    from monitoring_pipelines.store import handling

    with open_store(root_of(folder)).read() as connection:
        found = handling.silences(connection, None if every else datetime.now(UTC))
    rows = [asdict(silence) for silence in found]
    if style == "table":
        for row in rows:
            row["matchers"] = " ".join(f"{k}={v}" for k, v in row["matchers"].items())
        click.echo(f"{len(rows)} silences.")
    show(rows, style, COLUMNS)


@click.command()
@click.argument("silence_id", metavar="SILENCE")
@BY
@click.pass_obj
def unsilence(folder: Path, /, silence_id: str, by: str) -> None:
    """Let SILENCE end now."""
    from monitoring_pipelines.pipeline import handling

    _do(folder, lambda engine, now: handling.unsilence(engine, silence_id, handling.By(by, now)))


def _do(folder: Path, act: Callable[[Any, datetime], Done]) -> None:
    """Do it, then bring the messages about it up to date."""
    from monitoring_pipelines.pipeline.environment import deliver, look_again, open_store, sentence

    store, now = open_store(root_of(folder)), datetime.now(UTC)
    done = act(store.engine, now)
    click.echo(done.sentence)
    models = find_models(folder).values()
    concerned = [m for m in models if done.model in {"", m.name}]
    if look_again(concerned, store, now, also=done.model):
        click.echo(f"mlmon: {sentence(deliver(store))}", err=True)
