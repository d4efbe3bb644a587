"""What Slack takes as a text and as a list, for the linters of its blocks."""

from __future__ import annotations

from typing import Any, TypeGuard

Node = dict[str, Any]
Problems = list[str]

PLAIN = frozenset({"plain_text"})
ANY = frozenset({"plain_text", "mrkdwn"})


def listed(items: Any, most: int) -> TypeGuard[list[Any]]:
    """Whether it is a list of 1 to `most` items.

    >>> listed([], 5), listed([1], 5)
    (False, True)
    """
    return isinstance(items, list) and 0 < len(items) <= most


def sized(text: Any, at: str, longest: int) -> Problems:
    """What is wrong with a text that may be 1 to `longest` characters long.

    >>> sized("abc", "/0/text", 2)
    ['/0/text: 1 to 2 characters']
    """
    fits = isinstance(text, str) and 0 < len(text) <= longest
    return [] if fits else [f"{at}: 1 to {longest} characters"]


def texted(item: Any, at: str, longest: int, kinds: frozenset[str] = ANY) -> Problems:
    """What is wrong with a text object; markup is taken literally, or it is a problem."""
    if not isinstance(item, dict) or item.get("type") not in kinds:
        return [f"{at}: not one of {', '.join(sorted(kinds))}"]
    found = sized(item.get("text"), at, longest)
    if item["type"] == "mrkdwn" and item.get("verbatim") is not True:
        found.append(f"{at}: not verbatim, so Slack would look for names and links")
    return found
