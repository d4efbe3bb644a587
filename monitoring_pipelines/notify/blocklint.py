"""Slack's limits of the blocks that are used here, checked before a call and in every test.

Slack refuses a whole message for one text that is too long, so an alert would be lost for a name.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_BLOCKS = 50
MAX_HEADER = 150
MAX_FIELDS = 10
MAX_FIELD = 2_000
MAX_CONTEXT = 10
MAX_TEXT = 3_000
MAX_ACTIONS = 25
MAX_BUTTON = 75
MAX_VALUE = 2_000
MAX_OPTIONS = 100
MAX_OPTION_VALUE = 150
MAX_PLACEHOLDER = 150
MAX_ID = 255
MAX_TABLE_ROWS = 100
MAX_TABLE_COLUMNS = 20
MAX_CHARTS = 2
MAX_CHART_TITLE = 50
MAX_SERIES = 6
MAX_POINTS = 20
MAX_LABEL = 20
# blocks that are legal one by one are refused together at about 13,200 characters
MAX_TOTAL = 12_000

_RICH = {"rich_text_section", "rich_text_list", "text", "link", "user", "usergroup"}
_PLAIN = frozenset({"plain_text"})
_ANY = frozenset({"plain_text", "mrkdwn"})


def problems(blocks: list[dict[str, Any]]) -> list[str]:
    """What Slack would refuse, each with the place where it stands; empty if it is fine."""
    found = [] if 0 < len(blocks) <= MAX_BLOCKS else [f"/: {len(blocks)} blocks"]
    for index, block in enumerate(blocks):
        check = _CHECKS.get(str(block.get("type")))
        at = f"/{index}"
        found += check(block, at) if check else [f"{at}: unknown block {block.get('type')!r}"]
    kinds = Counter(block.get("type") for block in blocks)
    if kinds["table"] > 1:
        found.append(f"/: {kinds['table']} tables, one is allowed")
    if kinds["data_visualization"] > MAX_CHARTS:
        found.append(f"/: {kinds['data_visualization']} charts, {MAX_CHARTS} are allowed")
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    found += [f"/: block_id {id_!r} {n} times" for id_, n in ids.items() if n > 1]
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
    keys = ("text", "title", "name", "label")
    own = [node[key] for key in keys if isinstance(node.get(key), str)]
    return own + [text for value in node.values() for text in texts(value)]


def _header(block: dict[str, Any], at: str) -> list[str]:
    return _text(block.get("text"), f"{at}/text", MAX_HEADER, _PLAIN)


def _section(block: dict[str, Any], at: str) -> list[str]:
    return _many(block.get("fields"), f"{at}/fields", MAX_FIELDS, MAX_FIELD)


def _context(block: dict[str, Any], at: str) -> list[str]:
    return _many(block.get("elements"), f"{at}/elements", MAX_CONTEXT, MAX_TEXT)


def _many(items: Any, at: str, most: int, longest: int) -> list[str]:
    if not _is_list(items, most):
        return [f"{at}: 1 to {most} items"]
    return [p for i, item in enumerate(items) for p in _text(item, f"{at}/{i}", longest, _ANY)]


def _is_list(items: Any, most: int) -> bool:
    return isinstance(items, list) and 0 < len(items) <= most


def _text(item: Any, at: str, longest: int, kinds: frozenset[str]) -> list[str]:
    if not isinstance(item, dict) or item.get("type") not in kinds:
        return [f"{at}: not one of {', '.join(sorted(kinds))}"]
    found = _length(item.get("text"), at, longest)
    if item["type"] == "mrkdwn" and item.get("verbatim") is not True:
        found.append(f"{at}: not verbatim, so Slack would look for names and links")
    return found


def _length(text: Any, at: str, longest: int) -> list[str]:
    fits = isinstance(text, str) and 0 < len(text) <= longest
    return [] if fits else [f"{at}: 1 to {longest} characters"]


def _rich(block: dict[str, Any], at: str) -> list[str]:
    return _rich_elements(block.get("elements"), f"{at}/elements")


def _rich_elements(elements: Any, at: str) -> list[str]:
    if not isinstance(elements, list) or not elements:
        return [f"{at}: empty"]
    found = []
    for index, element in enumerate(elements):
        here, kind = f"{at}/{index}", element.get("type")
        if kind not in _RICH:
            found.append(f"{here}: unknown element {kind!r}")
        elif kind in {"text", "link"}:
            found += _length(element.get("text"), here, MAX_TEXT)
        elif kind in {"user", "usergroup"}:
            found += _length(element.get(f"{kind}_id"), here, MAX_ID)
        else:
            found += _rich_elements(element.get("elements"), f"{here}/elements")
    return found


def _actions(block: dict[str, Any], at: str) -> list[str]:
    elements = block.get("elements")
    if not _is_list(elements, MAX_ACTIONS):
        return [f"{at}/elements: 1 to {MAX_ACTIONS} items"]
    found = _length(block.get("block_id"), f"{at}/block_id", MAX_ID)
    ids = Counter(element.get("action_id") for element in elements or [])
    found += [f"{at}: action_id {id_!r} {n} times" for id_, n in ids.items() if n > 1]
    for index, element in enumerate(elements or []):
        here = f"{at}/elements/{index}"
        found += _length(element.get("action_id"), f"{here}/action_id", MAX_ID)
        if element.get("type") == "button":
            found += _text(element.get("text"), f"{here}/text", MAX_BUTTON, _PLAIN)
            found += _length(element.get("value"), f"{here}/value", MAX_VALUE)
        elif element.get("type") == "static_select":
            found += _select(element, here)
        else:
            found.append(f"{here}: unknown element {element.get('type')!r}")
    return found


def _select(element: dict[str, Any], at: str) -> list[str]:
    found = _text(element.get("placeholder"), f"{at}/placeholder", MAX_PLACEHOLDER, _PLAIN)
    options = element.get("options")
    if not _is_list(options, MAX_OPTIONS):
        return [*found, f"{at}/options: 1 to {MAX_OPTIONS} items"]
    for index, option in enumerate(options or []):
        here = f"{at}/options/{index}"
        found += _text(option.get("text"), f"{here}/text", MAX_BUTTON, _PLAIN)
        found += _length(option.get("value"), f"{here}/value", MAX_OPTION_VALUE)
    return found


def _table(block: dict[str, Any], at: str) -> list[str]:
    rows = block.get("rows")
    if not _is_list(rows, MAX_TABLE_ROWS):
        return [f"{at}/rows: 1 to {MAX_TABLE_ROWS} items"]
    found, width = [], len((rows or [[]])[0])
    for index, row in enumerate(rows or []):
        here = f"{at}/rows/{index}"
        if not _is_list(row, MAX_TABLE_COLUMNS) or len(row) != width:
            found.append(f"{here}: 1 to {MAX_TABLE_COLUMNS} cells, in every row as many")
            continue
        raw = frozenset({"raw_text"})
        for place, cell in enumerate(row):
            found += _text(cell, f"{here}/{place}", MAX_TEXT, raw)
    if len(block.get("column_settings", [])) > width:
        found.append(f"{at}/column_settings: more than columns")
    return found


def _chart(block: dict[str, Any], at: str) -> list[str]:
    found = _length(block.get("title"), f"{at}/title", MAX_CHART_TITLE)
    series = block.get("chart", {}).get("series")
    if not _is_list(series, MAX_SERIES):
        return [*found, f"{at}/chart/series: 1 to {MAX_SERIES} items"]
    for index, one in enumerate(series):
        here = f"{at}/chart/series/{index}"
        found += _length(one.get("name"), f"{here}/name", MAX_LABEL)
        if not _is_list(one.get("data"), MAX_POINTS):
            found.append(f"{here}/data: 1 to {MAX_POINTS} items")
            continue
        for place, point in enumerate(one["data"]):
            found += _length(point.get("label"), f"{here}/data/{place}/label", MAX_LABEL)
            value = point.get("value")
            if not isinstance(value, int | float) or not math.isfinite(value):
                found.append(f"{here}/data/{place}/value: no finite number")
    return found


_CHECKS: dict[str, Callable[[dict[str, Any], str], list[str]]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "rich_text": _rich,
    "actions": _actions,
    "table": _table,
    "data_visualization": _chart,
}
