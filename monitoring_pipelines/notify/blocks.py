"""An alert message as Slack's Block Kit.

Text that may come from data stands in `rich_text` and `plain_text` elements, which hold no syntax,
or was made inert. Links come from the configuration and are links of their own, never markup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from monitoring_pipelines.alerts.message import Stage
from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.notify.safe import inert

if TYPE_CHECKING:
    from monitoring_pipelines.alerts.links import Link
    from monitoring_pipelines.alerts.message import AlertMessage

Block = dict[str, Any]

MAX_SUMMARY = 155
MAX_HEADER = 150
MAX_LEAD = 600
MAX_FACT = 400
MAX_STEP = 300


def light(message: AlertMessage) -> str:
    """A round light beside the word."""
    if message.stage is not Stage.FIRING:
        return "\N{LARGE GREEN CIRCLE}"
    critical = message.severity is Severity.CRITICAL
    return "\N{LARGE RED CIRCLE}" if critical else "\N{LARGE ORANGE CIRCLE}"


def summary(message: AlertMessage) -> str:
    """One line, for a push notification and a screen reader."""
    told = (
        message.what
        if message.stage is Stage.FIRING
        else f"{message.what} It was: {message.before}"
    )
    owner = f" Owner {inert(message.owner, 40)}"
    text = f"[{message.word}] {inert(f'{message.title}: {told}', MAX_SUMMARY - len(owner) - 12)}"
    return text + owner


def plain(message: AlertMessage) -> str:
    """The whole message without blocks: what is sent if Slack refuses them."""
    lines = [
        summary(message),
        inert(message.detail, MAX_LEAD),
        *(f"{fact.label}: {inert(fact.text, MAX_FACT)}" for fact in message.facts),
        *(inert(step, MAX_STEP) for step in message.steps),
        *(f"{link.label}: {link.url}" for link in message.links if is_web(link.url)),
        inert(" · ".join(message.small), MAX_FACT),
    ]
    return "\n".join(line for line in lines if line)


def blocks(message: AlertMessage) -> list[Block]:
    """Header, lead, facts, next steps, links, small print."""
    title = f"{light(message)} {message.word} · {inert(message.title, MAX_HEADER - 20)}"
    found: list[Block] = [
        {"type": "header", "text": {"type": "plain_text", "text": title, "emoji": False}},
        _rich(_section(*_lead(message))),
    ]
    if message.facts:
        fields = [_field(fact.label, fact.text) for fact in message.facts]
        found.append({"type": "section", "fields": fields})
    if message.steps:
        items = [_section(_text(inert(step, MAX_STEP))) for step in message.steps]
        found.append(
            _rich(
                _section(_text("Do next", "bold")),
                {"type": "rich_text_list", "style": "ordered", "elements": items},
            )
        )
    links = [link for link in message.links if is_web(link.url)]
    if links:
        found.append(_rich(_section(*_row(links))))
    small = {
        "type": "plain_text",
        "text": inert(" · ".join(message.small), MAX_FACT),
        "emoji": False,
    }
    found.append({"type": "context", "elements": [small]})
    return found


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


def _field(label: str, text: str) -> Block:
    return {"type": "mrkdwn", "text": f"*{label}*\n{inert(text, MAX_FACT)}", "verbatim": True}


def _row(links: list[Link]) -> list[Block]:
    row: list[Block] = []
    for link in links:
        row.extend([_text("  ·  "), {"type": "link", "url": link.url, "text": link.label}])
    return row[1:]


def _text(text: str, style: str = "") -> Block:
    return {"type": "text", "text": text} | ({"style": {style: True}} if style else {})


def _section(*elements: Block) -> Block:
    return {"type": "rich_text_section", "elements": list(elements)}


def _rich(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": list(elements)}
