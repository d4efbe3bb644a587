"""An alert message as Slack's Block Kit.

Text that may come from data stands in `rich_text`, `plain_text` and `raw_text` elements, which hold
no syntax, and was made inert. Links and mentions come from the configuration and are elements of
their own, never markup.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from monitoring_pipelines.alerts.handling import Feedback
from monitoring_pipelines.alerts.message import Stage
from monitoring_pipelines.alerts.op import CALLS, Op
from monitoring_pipelines.alerts.settings import Layout
from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.notify.safe import inert

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitoring_pipelines.alerts.links import Link
    from monitoring_pipelines.alerts.message import AlertMessage, Chart, Table

Block = dict[str, Any]

MAX_SUMMARY = 155
MAX_HEADER = 150
MAX_LEAD = 600
MAX_FACT = 400
MAX_FACTS = 10
MAX_STEP = 300
MAX_CELL = 80
MAX_TABLE_ROWS = 60
MAX_CHART_TITLE = 50
MAX_CHART_LABEL = 20

SILENCES = (("4h", "4 hours"), ("1d", "1 day"), ("7d", "7 days"), ("expected", "Expected, 30 days"))
_FEEDBACK = {
    Feedback.FIXED: "A real problem, fixed",
    Feedback.EXPECTED: "An expected change",
    Feedback.FALSE_ALARM: "A false alarm",
    Feedback.NO_ACTION: "No action needed",
}
_NEWS = {
    Op.REOPEN: "It is back: ",
    Op.ESCALATE: "It got worse: ",
    Op.REMIND: "Still there: ",
}
_MENTION = re.compile(r"[USW][A-Z0-9]{5,}")


def light(message: AlertMessage) -> str:
    """A round light beside the word."""
    if message.stage is Stage.DIGEST:
        return "\N{SPIRAL CALENDAR PAD}"
    if not message.stage.is_open:
        return "\N{LARGE GREEN CIRCLE}"
    if message.stage is Stage.ACKNOWLEDGED:
        return "\N{EYES}"
    critical = message.severity is Severity.CRITICAL
    return "\N{LARGE RED CIRCLE}" if critical else "\N{LARGE ORANGE CIRCLE}"


def summary(message: AlertMessage) -> str:
    """One line, for a push notification and a screen reader."""
    told = f"{message.what} It was: {message.before}" if message.before else message.what
    owner = f" Owner {inert(message.owner, 40)}" if message.owner else ""
    text = f"[{message.word}] {inert(f'{message.title}: {told}', MAX_SUMMARY - len(owner) - 15)}"
    return text + owner


def plain(message: AlertMessage) -> str:
    """The whole message without blocks: what is sent if Slack refuses them."""
    rows = [message.table.columns, *message.table.rows] if message.table else []
    lines = [
        summary(message),
        inert(message.handled, MAX_LEAD),
        inert(message.detail, MAX_LEAD),
        *(inert(" · ".join(row), MAX_FACT) for row in rows[:MAX_TABLE_ROWS]),
        *(f"{fact.label}: {inert(fact.text, MAX_FACT)}" for fact in message.facts),
        *(inert(step, MAX_STEP) for step in message.steps),
        *(f"{link.label}: {link.url}" for link in message.links if is_web(link.url)),
        inert(" · ".join(message.small), MAX_FACT),
    ]
    return "\n".join(line for line in lines if line)


def blocks(message: AlertMessage, op: Op = Op.OPEN, *, with_chart: bool = True) -> list[Block]:
    """What a message of this kind looks like; some workspaces take no native chart."""
    if op is Op.NOTE:
        return [_context(f"{light(message)} {message.word}", message.what, message.detail)]
    if op is Op.EVIDENCE:
        table = [_table(message.table)] if message.table else []
        return [_rich(_section(*_lead(message))), *table, _context(*message.small)]
    if op in _NEWS:
        return [_rich(_section(*_calls(message), _text(_NEWS[op]), *_lead(message)))]
    return _root(message, op, with_chart=with_chart)


def _root(message: AlertMessage, op: Op, *, with_chart: bool) -> list[Block]:
    """Header, lead, numbers, next steps, buttons, links, small print."""
    title = f"{light(message)} {message.word} · {inert(message.title, MAX_HEADER - 30)}"
    links = [link for link in message.links if is_web(link.url)]
    calls = _calls(message) if op in CALLS else []
    return [
        {"type": "header", "text": _plain(title)},
        *([_context(message.handled)] if message.handled else []),
        _rich(_section(*_lead(message))),
        *_numbers(message, with_chart=with_chart),
        *_steps(message),
        *([_rich(_section(*calls))] if calls else []),
        *_actions(message),
        *([_rich(_section(*_row(links)))] if links else []),
        _context(*message.small),
    ]


def _numbers(message: AlertMessage, *, with_chart: bool) -> list[Block]:
    """Chart, table and facts; a compact message has the table only."""
    found, tall = [], message.layout is Layout.STANDARD
    if tall and with_chart and message.chart and message.stage.is_open:
        found.append(_chart(message.chart))
    if message.table:
        found.append(_table(message.table))
    if tall and message.facts:
        fields = [_field(fact.label, fact.text) for fact in message.facts[:MAX_FACTS]]
        found.append({"type": "section", "fields": fields})
    return found


def _steps(message: AlertMessage) -> list[Block]:
    if not message.steps:
        return []
    items = [_section(_text(inert(step, MAX_STEP))) for step in message.steps]
    listed = {"type": "rich_text_list", "style": "ordered", "elements": items}
    return [_rich(_section(_text("Do next", "bold")), listed)]


def is_web(url: str) -> bool:
    """Whether `url` is a plain web address, without a user name to disguise the host."""
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc


def _lead(message: AlertMessage) -> list[Block]:
    lead = [
        _text(inert(message.what, MAX_LEAD), "bold"),
        _text(f" {inert(message.detail, MAX_LEAD)}"),
    ]
    if not message.before:
        return lead
    return [_text(inert(message.before, MAX_LEAD), "strike"), _text("\n"), *lead]


def _calls(message: AlertMessage) -> list[Block]:
    """Mentions, each followed by a space; an id that is none is left out."""
    found: list[Block] = []
    for id_ in message.mentions:
        if _MENTION.fullmatch(id_):
            kind = "usergroup" if id_.startswith("S") else "user"
            found += [{"type": kind, f"{kind}_id": id_}, _text(" ")]
    return found


def _chart(chart: Chart) -> Block:
    labels = [inert(label, MAX_CHART_LABEL) or "-" for label in chart.labels]
    series = [("value", chart.values)]
    series += [
        (name, (level,) * len(labels))
        for name, level in (("usual", chart.usual), ("limit", chart.limit))
        if level is not None
    ]
    return {
        "type": "data_visualization",
        "title": inert(chart.title, MAX_CHART_TITLE) or "-",
        "chart": {
            "type": "line",
            "series": [{"name": name, "data": _points(labels, values)} for name, values in series],
            "axis_config": {"categories": labels},
        },
    }


def _points(labels: Sequence[str], values: Iterable[float | None]) -> list[Block]:
    pairs = zip(labels, values, strict=True)
    return [{"label": label, "value": value} for label, value in pairs if value is not None]


def _table(table: Table) -> Block:
    rows = [table.columns, *table.rows[:MAX_TABLE_ROWS]]
    numbers = [all(_is_number(row[i]) for row in table.rows) for i in range(len(table.columns))]
    return {
        "type": "table",
        "column_settings": [{"align": "right"} if number else {} for number in numbers],
        # an empty cell is refused
        "rows": [
            [{"type": "raw_text", "text": inert(cell, MAX_CELL) or "-"} for cell in row]
            for row in rows
        ],
    }


def _is_number(cell: str) -> bool:
    return not cell.strip("0123456789.,-+%e ")


def _actions(message: AlertMessage) -> list[Block]:
    """Buttons, if somebody listens to them. A value names the incident and the choice, no more."""
    if not message.has_buttons or message.stage is Stage.DIGEST:
        return []
    id_, elements = message.incident, list[Block]()
    if message.stage.is_open:
        if message.stage is Stage.FIRING:
            elements.append(
                {
                    "type": "button",
                    "text": _plain("Acknowledge"),
                    "action_id": "mlmon.ack",
                    "value": id_,
                    "style": "primary",
                }
            )
        elements.append(_select("mlmon.silence", "Silence\N{HORIZONTAL ELLIPSIS}", id_, SILENCES))
    else:
        choices = [(feedback.value, words) for feedback, words in _FEEDBACK.items()]
        elements.append(_select("mlmon.feedback", "What was it?", id_, choices))
    return [{"type": "actions", "block_id": f"act-{id_}", "elements": elements}]


def _select(action: str, words: str, id_: str, choices: Iterable[tuple[str, str]]) -> Block:
    options = [{"text": _plain(text), "value": f"{id_}|{value}"} for value, text in choices]
    return {
        "type": "static_select",
        "action_id": action,
        "placeholder": _plain(words),
        "options": options,
    }


def _context(*texts: str) -> Block:
    line = inert(" · ".join(text for text in texts if text), MAX_LEAD)
    return {"type": "context", "elements": [_plain(line or "-")]}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}


def _field(label: str, text: str) -> Block:
    return {"type": "mrkdwn", "text": f"*{label}*\n{inert(text, MAX_FACT)}", "verbatim": True}


def _row(links: list[Link]) -> list[Block]:
    row: list[Block] = []
    for link in links:
        row.extend([_text("  ·  "), {"type": "link", "url": link.url, "text": link.label}])
    return row[1:]


def _text(text: str, style: str = "") -> Block:
    # a name of hidden characters only leaves nothing, and Slack refuses an empty text
    return {"type": "text", "text": text or "-"} | ({"style": {style: True}} if style else {})


def _section(*elements: Block) -> Block:
    return {"type": "rich_text_section", "elements": list(elements)}


def _rich(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": list(elements)}
