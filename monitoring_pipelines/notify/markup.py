"""An alert message as HTML for a mail: tables and inline style, which every mail program shows.

Every text was made inert and then escaped; links come from the configuration.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.notify.safe import inert
from monitoring_pipelines.notify.web import is_web

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitoring_pipelines.alerts.message import AlertMessage, Table

MAX_TEXT = 2_000
MAX_ROWS = 60
RED, ORANGE, GREEN = "#b3261e", "#9a5b00", "#1e6b3a"
_BODY = "font:15px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif;color:#1d1c1d;max-width:680px"
_CELL = "padding:3px 14px 3px 0;text-align:left;vertical-align:top"


def html(message: AlertMessage, picture: str = "") -> str:
    """The whole message; `picture` is the address of its chart, as ``cid:chart``."""
    word = (
        f'<strong style="color:{_colour(message)}">{_t(message.word)}</strong>'
        f" · {_t(message.title)}"
    )
    parts = [
        f'<p style="font-size:18px">{word}</p>',
        f"<p><em>{_t(message.handled)}</em></p>" if message.handled else "",
        f"<p><s>{_t(message.before)}</s></p>" if message.before else "",
        f"<p><strong>{_t(message.what)}</strong> {_t(message.detail)}</p>",
        f'<p><img src="{escape(picture)}" alt="{_chart(message)}" width="640"></p>'
        if picture
        else "",
        _table(message.table) if message.table else "",
        _rows((fact.label, fact.text) for fact in message.facts),
        _steps(message.steps),
        _links(message),
        f'<p style="color:#616061;font-size:12px">{_t(" · ".join(message.small))}</p>',
    ]
    body = "\n".join(part for part in parts if part)
    return f'<!doctype html>\n<html><body style="{_BODY}">\n{body}\n</body></html>\n'


def _t(text: object) -> str:
    return escape(inert(text, MAX_TEXT))


def _colour(message: AlertMessage) -> str:
    if not message.stage.is_open:
        return GREEN
    return RED if message.severity is Severity.CRITICAL else ORANGE


def _chart(message: AlertMessage) -> str:
    return f"chart of {_t(message.chart.title)}" if message.chart else ""


def _rows(rows: Iterable[tuple[str, str]]) -> str:
    lines = "".join(
        f'<tr><th style="{_CELL}">{_t(label)}</th><td style="{_CELL}">{_t(text)}</td></tr>'
        for label, text in rows
    )
    return f"<table>{lines}</table>" if lines else ""


def _table(table: Table) -> str:
    head = "".join(f'<th style="{_CELL}">{_t(name)}</th>' for name in table.columns)
    rows = "".join(
        "<tr>" + "".join(f'<td style="{_CELL}">{_t(cell)}</td>' for cell in row) + "</tr>"
        for row in table.rows[:MAX_ROWS]
    )
    return f"<table><tr>{head}</tr>{rows}</table>"


def _steps(steps: Iterable[str]) -> str:
    items = "".join(f"<li>{_t(step)}</li>" for step in steps)
    return f"<p><strong>Do next</strong></p><ol>{items}</ol>" if items else ""


def _links(message: AlertMessage) -> str:
    found = [
        f'<a href="{escape(link.url)}">{_t(link.label)}</a>'
        for link in message.links
        if is_web(link.url)
    ]
    return f"<p>{' · '.join(found)}</p>" if found else ""
