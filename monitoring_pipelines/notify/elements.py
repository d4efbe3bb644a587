"""Small parts of Block Kit. Every text goes through `inert` here, so none can be forgotten.

Empty texts are refused by Slack; a dash takes their place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.notify.safe import inert

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitoring_pipelines.alerts.links import Link

Block = dict[str, Any]

MAX_TEXT = 600
MAX_FIELD = 400
MAX_LABEL = 60
MAX_CHOICE = 75
NOTHING = "-"

_MENTION = re.compile(r"[USW][A-Z0-9]{5,}")


def shown(text: str, limit: int) -> str:
    """`text` made inert and never empty."""
    return inert(text, limit) or NOTHING


def text(said: str, style: str = "", limit: int = MAX_TEXT) -> Block:
    """A run of rich text; `style` is ``bold``, ``strike`` or nothing."""
    run = {"type": "text", "text": shown(said, limit)}
    return run | ({"style": {style: True}} if style else {})


def ready(said: str) -> Block:
    """Text that is our own or inert already, with its spaces and breaks as they are."""
    return {"type": "text", "text": said}


def section(*elements: Block) -> Block:
    """A paragraph of rich text."""
    return {"type": "rich_text_section", "elements": list(elements)}


def listed(items: Iterable[Block], style: str) -> Block:
    """Paragraphs as a list; `style` is ``ordered`` or ``bullet``."""
    return {"type": "rich_text_list", "style": style, "elements": list(items)}


def rich(*elements: Block) -> Block:
    """A block of paragraphs and lists."""
    return {"type": "rich_text", "elements": list(elements)}


def plain(said: str, limit: int) -> Block:
    """Text without any markup."""
    return {"type": "plain_text", "text": shown(said, limit), "emoji": False}


def header(light: str, title: str, limit: int) -> Block:
    """The first line; only our own `light` may be a picture."""
    return {"type": "header", "text": _lit(light, title, limit)}


def context(said: str, light: str = "") -> Block:
    """A small grey line."""
    return {"type": "context", "elements": [_lit(light, said, MAX_TEXT)]}


def _lit(light: str, said: str, limit: int) -> Block:
    line = f"{light} {shown(said, limit - 4)}".lstrip()
    return {"type": "plain_text", "text": line, "emoji": False}


def field(label: str, said: str) -> Block:
    """A small heading over its text, in one of two columns."""
    line = f"*{shown(label, MAX_LABEL)}*\n{shown(said, MAX_FIELD)}"
    return {"type": "mrkdwn", "text": line, "verbatim": True}


def link(target: Link) -> Block:
    """A word to click; the address comes from the configuration."""
    return {"type": "link", "url": target.url, "text": shown(target.label, MAX_LABEL)}


def link_button(target: Link, number: int) -> Block:
    """The same as a button, which a listener hears of and may ignore."""
    return {
        "type": "button",
        "text": plain(target.label, MAX_CHOICE),
        "action_id": f"mlmon.link.{number}",
        "url": target.url,
    }


def button(words: str, action: str, value: str) -> Block:
    """The one button that a reader should press."""
    return {
        "type": "button",
        "text": plain(words, MAX_CHOICE),
        "action_id": action,
        "value": value,
        "style": "primary",
    }


def select(words: str, action: str, choices: Iterable[tuple[str, str]]) -> Block:
    """A list to choose from: pairs of the value that is sent and what is read."""
    options = [{"text": plain(read, MAX_CHOICE), "value": value} for value, read in choices]
    return {
        "type": "static_select",
        "action_id": action,
        "placeholder": plain(words, MAX_CHOICE),
        "options": options,
    }


def is_mention(id_: str) -> bool:
    """Whether `id_` is a user (U, W) or a user group (S), so that it can be called."""
    return _MENTION.fullmatch(id_) is not None


def mention(id_: str) -> Block:
    """An element that calls somebody."""
    kind = "usergroup" if id_.startswith("S") else "user"
    return {"type": kind, f"{kind}_id": id_}
