"""Slack's limits of the blocks that are used here, checked before a call and in every test.

Slack refuses a whole message for one text that is too long, so an alert would be lost for a name.
"""

from __future__ import annotations

from typing import Any

MAX_BLOCKS = 50
MAX_HEADER = 150
MAX_FIELDS = 10
MAX_FIELD = 2_000
MAX_CONTEXT = 10
MAX_TEXT = 3_000
# blocks that are legal one by one are refused together at about 13,200 characters
MAX_TOTAL = 12_000

_RICH = {"rich_text_section", "rich_text_list", "text", "link"}


def problems(blocks: list[dict[str, Any]]) -> list[str]:
    """What Slack would refuse, each with the place where it stands; empty if it is fine."""
    found = [] if 0 < len(blocks) <= MAX_BLOCKS else [f"/: {len(blocks)} blocks"]
    for index, block in enumerate(blocks):
        found += _block(block, f"/{index}")
    total = sum(len(text) for block in blocks for text in texts(block))
    if total > MAX_TOTAL:
        found.append(f"/: {total} characters in all")
    return found


def texts(node: Any) -> list[str]:
    """Every text that is shown, wherever it is nested.

    >>> texts({"type": "section", "fields": [{"type": "mrkdwn", "text": "a"}]})
    ['a']
    """
    if isinstance(node, list):
        return [text for item in node for text in texts(item)]
    if not isinstance(node, dict):
        return []
    own = [node["text"]] if isinstance(node.get("text"), str) else []
    return own + [text for value in node.values() for text in texts(value)]


def _block(block: dict[str, Any], at: str) -> list[str]:
    kind = block.get("type")
    if kind == "header":
        return _text(block.get("text"), f"{at}/text", MAX_HEADER, {"plain_text"})
    if kind == "section":
        return _many(block.get("fields"), f"{at}/fields", MAX_FIELDS, MAX_FIELD)
    if kind == "context":
        return _many(block.get("elements"), f"{at}/elements", MAX_CONTEXT, MAX_TEXT)
    if kind == "rich_text":
        return _rich(block.get("elements"), f"{at}/elements")
    return [f"{at}: unknown block {kind!r}"]


def _many(items: Any, at: str, most: int, longest: int) -> list[str]:
    if not isinstance(items, list) or not 0 < len(items) <= most:
        return [f"{at}: 1 to {most} items"]
    kinds = {"plain_text", "mrkdwn"}
    return [p for i, item in enumerate(items) for p in _text(item, f"{at}/{i}", longest, kinds)]


def _text(item: Any, at: str, longest: int, kinds: set[str]) -> list[str]:
    if not isinstance(item, dict) or item.get("type") not in kinds:
        return [f"{at}: not one of {', '.join(sorted(kinds))}"]
    text = item.get("text")
    found = []
    if not isinstance(text, str) or not 0 < len(text) <= longest:
        found.append(f"{at}: 1 to {longest} characters")
    if item["type"] == "mrkdwn" and item.get("verbatim") is not True:
        found.append(f"{at}: not verbatim, so Slack would look for names and links")
    return found


def _rich(elements: Any, at: str) -> list[str]:
    if not isinstance(elements, list) or not elements:
        return [f"{at}: empty"]
    found = []
    for index, element in enumerate(elements):
        here, kind = f"{at}/{index}", element.get("type")
        if kind not in _RICH:
            found.append(f"{here}: unknown element {kind!r}")
        elif kind in {"text", "link"}:
            if not 0 < len(element.get("text", "")) <= MAX_TEXT:
                found.append(f"{here}: 1 to {MAX_TEXT} characters")
        else:
            found += _rich(element.get("elements"), f"{here}/elements")
    return found
