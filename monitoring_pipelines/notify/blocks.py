"""An alert message as Slack's Block Kit.

Text that may come from data stands in `rich_text`, `plain_text` and `raw_text` elements, which hold
no syntax, and was made inert. Links and mentions come from the configuration and are elements of
their own, never markup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.handling import Feedback
from monitoring_pipelines.alerts.message import Stage
from monitoring_pipelines.alerts.op import CALLS, Op
from monitoring_pipelines.alerts.settings import Layout
from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.notify.elements import (
    Block,
    button,
    context,
    field,
    header,
    is_mention,
    link,
    link_button,
    listed,
    mention,
    ready,
    rich,
    section,
    select,
    shown,
    text,
)
from monitoring_pipelines.notify.figures import chart, table
from monitoring_pipelines.notify.safe import inert
from monitoring_pipelines.notify.web import is_web

if TYPE_CHECKING:
    from monitoring_pipelines.alerts.links import Link
    from monitoring_pipelines.alerts.message import AlertMessage

MAX_SUMMARY = 155
MAX_HEADER = 150
MAX_OWNER = 40
MAX_LINE = 600
MAX_SHORT = 400
MAX_STEP = 300
MAX_STEPS = 8
MAX_FACTS = 10
MAX_LINKS = 8
MAX_PLAIN_ROWS = 12

ACKNOWLEDGE, SILENCE, FEEDBACK = "mlmon.ack", "mlmon.silence", "mlmon.feedback"
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


def light(message: AlertMessage) -> str:
    """A picture beside the word."""
    if message.stage is Stage.DIGEST:
        return "\N{SPIRAL CALENDAR PAD}"
    if not message.stage.is_open:
        return "\N{LARGE GREEN CIRCLE}"
    if message.stage is Stage.ACKNOWLEDGED:
        return "\N{EYES}"
    critical = message.severity is Severity.CRITICAL
    return "\N{LARGE RED CIRCLE}" if critical else "\N{LARGE ORANGE CIRCLE}"


def summary(message: AlertMessage, op: Op = Op.OPEN) -> str:
    """One line, for a push notification and a screen reader."""
    told = f"{message.what} It was: {message.before}" if message.before else message.what
    owner = f" Owner {inert(message.owner, MAX_OWNER)}" if message.owner else ""
    room = MAX_SUMMARY - len(owner) - len(message.word) - len("[] ")
    said = inert(f"{message.title}: {_NEWS.get(op, '')}{told}", room)
    return f"[{message.word}] {said}{owner}"


def plain(message: AlertMessage, op: Op = Op.OPEN) -> str:
    """The whole message without blocks: what is sent if Slack refuses them."""
    rows = [message.table.columns, *message.table.rows] if message.table else []
    lines = [
        summary(message, op),
        inert(message.handled, MAX_LINE),
        inert(message.detail, MAX_LINE),
        *(inert(" · ".join(row), MAX_SHORT) for row in rows[:MAX_PLAIN_ROWS]),
        *(f"{inert(f.label)}: {inert(f.text, MAX_SHORT)}" for f in message.facts[:MAX_FACTS]),
        *(inert(step, MAX_STEP) for step in message.steps[:MAX_STEPS]),
        *(f"{inert(to.label)}: {to.url}" for to in _links(message)),
        inert(" · ".join(message.small), MAX_SHORT),
    ]
    return "\n".join(line for line in lines if line)


def called(message: AlertMessage, op: Op) -> tuple[str, ...]:
    """Ids of those whom a message of this kind calls; an id that is none is left out."""
    return tuple(filter(is_mention, message.mentions)) if op in CALLS else ()


def words(message: AlertMessage, op: Op) -> str:
    """`plain` with those who are called: the one place where a mention is markup."""
    calls = [f"<!subteam^{id_}>" if id_[0] == "S" else f"<@{id_}>" for id_ in called(message, op)]
    return " ".join([*calls, plain(message, op)])


def blocks(message: AlertMessage, op: Op = Op.OPEN, *, with_chart: bool = True) -> list[Block]:
    """What a message of this kind looks like; some workspaces take no native chart."""
    if op in {Op.NOTE, Op.PICTURE}:
        # where the picture itself cannot be shown, a line says so
        said = " ".join(filter(None, (message.what, message.detail)))
        return [context(f"{message.word} · {said}", light(message))]
    if op is Op.EVIDENCE:
        figure = [table(message.table)] if message.table else []
        return [rich(section(*_lead(message))), *figure, context(" · ".join(message.small))]
    if op in _NEWS:
        title = text(f"{message.word} · {message.title}", "bold", MAX_HEADER)
        first = section(*_calls(message, op), ready(f"{light(message)} "), title)
        return [rich(first), rich(section(ready(_NEWS[op]), *_lead(message)))]
    return _root(message, op, with_chart=with_chart)


def _root(message: AlertMessage, op: Op, *, with_chart: bool) -> list[Block]:
    """Header, what people did, lead, numbers, next steps, buttons or links, small print."""
    parts = [
        header(light(message), f"{message.word} · {message.title}", MAX_HEADER),
        context(message.handled) if message.handled else None,
        rich(section(*_calls(message, op), *_lead(message))),
        *_numbers(message, with_chart=with_chart),
        _steps(message),
        _actions(message) if message.has_buttons else _linked(message),
        context(" · ".join(message.small)) if message.small else None,
    ]
    return [part for part in parts if part is not None]


def _numbers(message: AlertMessage, *, with_chart: bool) -> list[Block | None]:
    """Chart or table, then facts: in columns, listed in a digest, in a line if it is compact."""
    tall = message.layout is Layout.STANDARD
    drawn = tall and with_chart and message.chart and message.stage.is_open and not message.table
    found = [
        chart(message.chart) if drawn and message.chart else None,
        table(message.table) if message.table else None,
    ]
    facts = message.facts[:MAX_FACTS]
    if message.stage is Stage.DIGEST and facts:
        items = [section(text(f.label, "bold"), ready("  "), text(f.text)) for f in facts]
        found.append(rich(listed(items, "bullet")))
    elif tall and facts:
        found.append({"type": "section", "fields": [field(f.label, f.text) for f in facts]})
    elif facts:
        found.append(context(" · ".join(f"{f.label}: {f.text}" for f in facts)))
    return found


def _steps(message: AlertMessage) -> Block | None:
    if not message.steps:
        return None
    items = [section(text(step, limit=MAX_STEP)) for step in message.steps[:MAX_STEPS]]
    return rich(section(text("Do next", "bold")), listed(items, "ordered"))


def _links(message: AlertMessage) -> list[Link]:
    return [link for link in message.links if is_web(link.url)][:MAX_LINKS]


def _lead(message: AlertMessage) -> list[Block]:
    # what happened in bold, what it is compared with as it is; made inert as a whole, since a
    # part of a secret would not be known as one
    first, found, rest = shown(message.what, MAX_LINE).partition(" (")
    lead = [text(first, "bold")]
    if found:
        lead.append(ready(f" ({rest}"))
    if message.detail:
        lead += [ready(" "), text(message.detail)]
    return [text(message.before, "strike"), ready("\n"), *lead] if message.before else lead


def _calls(message: AlertMessage, op: Op) -> list[Block]:
    """Mentions, each followed by a space."""
    return [part for id_ in called(message, op) for part in (mention(id_), ready(" "))]


def _linked(message: AlertMessage) -> Block | None:
    row = [part for to in _links(message) for part in (ready("  ·  "), link(to))]
    return rich(section(*row[1:])) if row else None


def _actions(message: AlertMessage) -> Block | None:
    """What can be pressed. A value names the incident and the choice, no more."""
    id_, elements = message.incident, list[Block]()
    if message.stage is Stage.FIRING:
        elements.append(button("Acknowledge", ACKNOWLEDGE, id_))
    if message.stage.is_open:
        silences = [(f"{id_}|{value}", words) for value, words in SILENCES]
        elements.append(select("Silence\N{HORIZONTAL ELLIPSIS}", SILENCE, silences))
    elif message.stage is Stage.RESOLVED:
        answers = [(f"{id_}|{value}", words) for value, words in _FEEDBACK.items()]
        elements.append(select("What was it?", FEEDBACK, answers))
    elements += [link_button(to, number) for number, to in enumerate(_links(message))]
    return {"type": "actions", "block_id": f"act-{id_}", "elements": elements} if elements else None
