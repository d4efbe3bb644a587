"""Slack's limits of Block Kit, checked before a call and in every test.

Slack refuses a whole message for one text that is too long, so an alert would be lost for a name.
The SDK's own models know half of this and refuse charts, so plain dicts are checked here.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.notify.figurelint import chart, table
from monitoring_pipelines.notify.textlint import PLAIN, Node, Problems, listed, sized, texted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Check = Callable[[Node, str], Problems]

MAX_BLOCKS = 50
MAX_HEADER = 150
MAX_SECTION = 3_000
MAX_FIELDS = 10
MAX_FIELD = 2_000
MAX_CONTEXT = 10
MAX_TEXT = 3_000
MAX_MARKDOWN = 12_000
MAX_ACTIONS = 25
MAX_BUTTON = 75
MAX_VALUE = 2_000
MAX_URL = 3_000
MAX_OPTIONS = 100
MAX_OVERFLOW = 5
MAX_OPTION_VALUE = 150
MAX_PLACEHOLDER = 150
MAX_ALT = 2_000
MAX_TITLE = 2_000
MAX_ID = 255
MAX_CHARTS = 2
# blocks that are legal one by one are refused together at about 13,200 characters
MAX_TOTAL = 12_000

_STYLES = {None, "primary", "danger"}
_LISTS = {"ordered", "bullet"}


def problems(blocks: list[Node]) -> list[str]:
    """What Slack would refuse, each with the place where it stands; empty if it is fine."""
    found = [] if 0 < len(blocks) <= MAX_BLOCKS else [f"/: {len(blocks)} blocks"]
    for index, block in enumerate(blocks):
        check = _BLOCKS.get(str(block.get("type")))
        at = f"/{index}"
        found += check(block, at) if check else [f"{at}: unknown block {block.get('type')!r}"]
        if "block_id" in block:
            found += sized(block["block_id"], f"{at}/block_id", MAX_ID)
    kinds = Counter(block.get("type") for block in blocks)
    if kinds["table"] > 1:
        found.append(f"/: {kinds['table']} tables, one is allowed")
    if kinds["data_visualization"] > MAX_CHARTS:
        found.append(f"/: {kinds['data_visualization']} charts, {MAX_CHARTS} are allowed")
    for name in ("block_id", "action_id"):
        ids = Counter(str(node[name]) for node in _nodes(blocks) if name in node)
        found += [f"/: {name} {id_!r} {n} times" for id_, n in ids.items() if n > 1]
    total = sum(len(text) for text in texts(blocks))
    if total > MAX_TOTAL:
        found.append(f"/: {total} characters in all")
    return found


def texts(node: Any) -> list[str]:
    """Every text that is shown, wherever it is nested.

    >>> texts({"type": "section", "fields": [{"type": "mrkdwn", "text": "a"}]})
    ['a']
    """
    keys = ("text", "title", "name", "label", "alt_text", "x_label", "y_label")
    return [each[key] for each in _nodes(node) for key in keys if isinstance(each.get(key), str)]


def _nodes(node: Any) -> Iterator[Node]:
    if isinstance(node, dict):
        yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from _nodes(child)


def _header(block: Node, at: str) -> Problems:
    return texted(block.get("text"), f"{at}/text", MAX_HEADER, PLAIN)


def _section(block: Node, at: str) -> Problems:
    found = []
    if "text" not in block and "fields" not in block:
        found.append(f"{at}/fields: neither text nor fields")
    if "text" in block:
        found += texted(block["text"], f"{at}/text", MAX_SECTION)
    if "fields" in block:
        found += _many(block["fields"], f"{at}/fields", MAX_FIELDS, MAX_FIELD)
    if "accessory" in block:
        found += _element(block["accessory"], f"{at}/accessory")
    return found


def _context(block: Node, at: str) -> Problems:
    elements = block.get("elements")
    if not listed(elements, MAX_CONTEXT):
        return [f"{at}/elements: 1 to {MAX_CONTEXT} items"]
    found = []
    for index, element in enumerate(elements):
        here = f"{at}/elements/{index}"
        is_image = isinstance(element, dict) and element.get("type") == "image"
        found += _image(element, here) if is_image else texted(element, here, MAX_TEXT)
    return found


def _many(items: Any, at: str, most: int, longest: int) -> Problems:
    if not listed(items, most):
        return [f"{at}: 1 to {most} items"]
    return [p for i, item in enumerate(items) for p in texted(item, f"{at}/{i}", longest)]


def _image(block: Node, at: str) -> Problems:
    found = sized(block.get("alt_text"), f"{at}/alt_text", MAX_ALT)
    if "title" in block:
        found += texted(block["title"], f"{at}/title", MAX_TITLE, PLAIN)
    if ("image_url" in block) == ("slack_file" in block):
        found.append(f"{at}: image_url or slack_file, one of them")
    if "image_url" in block:
        found += _address(block["image_url"], f"{at}/image_url")
    return found


def _address(url: Any, at: str) -> Problems:
    found = sized(url, at, MAX_URL)
    if not str(url).startswith(("https://", "http://")):
        found.append(f"{at}: no web address")
    return found


def _markdown(block: Node, at: str) -> Problems:
    return sized(block.get("text"), f"{at}/text", MAX_MARKDOWN)


def _divider(block: Node, at: str) -> Problems:
    return [f"{at}/{name}: not of a divider" for name in block if name not in {"type", "block_id"}]


def _rich(block: Node, at: str) -> Problems:
    elements = block.get("elements")
    if not isinstance(elements, list) or not elements:
        return [f"{at}/elements: empty"]
    return [p for i, each in enumerate(elements) for p in _rich_element(each, f"{at}/elements/{i}")]


def _rich_element(element: Node, at: str) -> Problems:
    kind = element.get("type")
    if kind in {"user", "usergroup"}:
        return sized(element.get(f"{kind}_id"), at, MAX_ID)
    if kind in {"text", "link"}:
        found = sized(element.get("text"), at, MAX_TEXT)
        return found + (_address(element.get("url"), f"{at}/url") if kind == "link" else [])
    if kind in {"rich_text_section", "rich_text_list"}:
        is_styled = kind == "rich_text_section" or element.get("style") in _LISTS
        return _rich(element, at) + ([] if is_styled else [f"{at}/style: not a list's"])
    return [f"{at}: unknown element {kind!r}"]


def _actions(block: Node, at: str) -> Problems:
    elements = block.get("elements")
    if not listed(elements, MAX_ACTIONS):
        return [f"{at}/elements: 1 to {MAX_ACTIONS} items"]
    return [p for i, each in enumerate(elements) for p in _element(each, f"{at}/elements/{i}")]


def _element(element: Node, at: str) -> Problems:
    check = _ELEMENTS.get(str(element.get("type")))
    if check is None:
        return [f"{at}: unknown element {element.get('type')!r}"]
    return sized(element.get("action_id"), f"{at}/action_id", MAX_ID) + check(element, at)


def _button(element: Node, at: str) -> Problems:
    found = texted(element.get("text"), f"{at}/text", MAX_BUTTON, PLAIN)
    if "value" in element or "url" not in element:
        found += sized(element.get("value"), f"{at}/value", MAX_VALUE)
    if "url" in element:
        found += _address(element["url"], f"{at}/url")
    if element.get("style") not in _STYLES:
        found.append(f"{at}/style: neither primary nor danger")
    return found


def _select(element: Node, at: str) -> Problems:
    found = texted(element.get("placeholder"), f"{at}/placeholder", MAX_PLACEHOLDER, PLAIN)
    return found + _options(element, at, MAX_OPTIONS)


def _overflow(element: Node, at: str) -> Problems:
    return _options(element, at, MAX_OVERFLOW)


def _options(element: Node, at: str, most: int) -> Problems:
    options = element.get("options")
    if not listed(options, most):
        return [f"{at}/options: 1 to {most} items"]
    found = []
    for index, option in enumerate(options):
        here = f"{at}/options/{index}"
        found += texted(option.get("text"), f"{here}/text", MAX_BUTTON, PLAIN)
        found += sized(option.get("value"), f"{here}/value", MAX_OPTION_VALUE)
    return found


_ELEMENTS: dict[str, Check] = {
    "button": _button,
    "static_select": _select,
    "overflow": _overflow,
}
_BLOCKS: dict[str, Check] = {
    "actions": _actions,
    "context": _context,
    "data_visualization": chart,
    "divider": _divider,
    "header": _header,
    "image": _image,
    "markdown": _markdown,
    "rich_text": _rich,
    "section": _section,
    "table": table,
}
