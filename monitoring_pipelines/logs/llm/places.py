"""Where a text leads: e-mail addresses, hosts and accounts, as keyed hashes to be compared.

A place is a letter, a dot and a hash: ``e`` of an address, ``d`` of its domain, ``h`` of the host
of a URL, ``a`` of an account by the form of an IBAN (whose check digits tools do not ask for).
``d`` and ``h`` of one name have one hash.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.logs.llm.values import path, sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitoring_pipelines.logs.llm.hashes import Hashes
    from monitoring_pipelines.logs.llm.records import Call

_EMAIL = re.compile(r"[\w.%+-]{1,64}@((?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24})")
_URL = re.compile(
    r"(?i)(?:\b(?:https?|ftp|wss?)://(?:[^\s/@\"'<>]{1,100}@)?|\bwww\.)([a-z0-9-]{1,63}"
    r"(?:\.[a-z0-9-]{1,63}){0,6})"
)
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{2,4}){3,8}\b")
# arguments that are what is said, and not where it goes to
_CONTENT = re.compile(
    r"(?i)(body|text|content|message|subject|title|description|html|note|prompt|quer|summary|data)"
)
_RESULTS = ("type=tool_result", "<function_results>", "<function_result>", "<fnr>")
_PLACE = re.compile(r"(?i)(url|uri|host|domain|site|link|endpoint)$")
_TOOLS, _PEOPLE = {"tool", "function"}, {"user", "system", "developer", "human"}
MOST, LONGEST, DEPTH = 200, 200_000, 8


def places(value: Any, hashes: Hashes) -> str:
    """Places in all texts of a value, each once, apart by blanks; at most two hundred.

    >>> from monitoring_pipelines.logs.llm.hashes import Hashes
    >>> made = places("write to ana@bank.org, see https://bank.org/x", Hashes(b"key"))
    >>> [(one[0], one[2:] == made.split()[1][2:]) for one in made.split()]
    [('e', False), ('d', True), ('h', True)]
    """
    return _joined(_texts(value), hashes)


def destinations(arguments: Any, hashes: Hashes) -> str:
    """Places in the arguments of a tool that say where something goes to, by their names."""
    return _joined(_addressed(arguments), hashes)


def describe_places(call: Call, messages: Any, hashes: Hashes, system: Any = None) -> None:
    """Fill in the places that people and developers wrote, and those that tools gave back.

    Messages without a role tell neither, and what the model said is neither.
    """
    people, tools, known = [system], [], False
    for message in sequence(messages):
        role = str(path(message, "role")).lower()
        content = [path(message, "content"), path(message, "parts")]
        if role in _TOOLS or path(message, "type") == "function_call_output":
            tools += [*content, path(message, "output")]
        elif role in _PEOPLE:
            known = True
            parts = [one for part in content for one in (part if _is_list(part) else [part])]
            for part in parts:
                (tools if _is_result(part) else people).append(part)
    if known:
        call.user_places = places(people, hashes)
    if tools:
        call.tool_places = places(tools, hashes)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_result(part: Any) -> bool:
    """Whether a part of a user's message is what a tool gave back, as Anthropic and Bedrock do."""
    if isinstance(part, str):  # Bedrock's agents write parts as text
        return any(sign in part for sign in _RESULTS)
    kind = path(part, "type")
    return kind in {"tool_result", "tool_call_response"} or path(part, "toolResult") is not None


def _joined(texts: Iterator[str], hashes: Hashes) -> str:
    found = dict.fromkeys(one for text in texts for one in _found(text[:LONGEST]))
    return " ".join(f"{kind}.{hashes.personal(value)}" for kind, value in islice(found, MOST))


def _found(text: str) -> Iterator[tuple[str, str]]:
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield "e", f"email {match[0].lower()}"
            yield "d", f"host {_host(match[1])}"
    if "://" in text or "www." in text.lower():
        for match in _URL.finditer(text):
            yield "h", f"host {_host(match[1])}"
    for match in _ACCOUNT.finditer(text):
        yield "a", f"account {re.sub('[ -]', '', match[0])}"


def _host(name: str) -> str:
    return name.lower().removeprefix("www.")


def _texts(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth < DEPTH and isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner, depth + 1)


def _addressed(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth < DEPTH and isinstance(value, list):
        for one in value:
            yield from _addressed(one, depth + 1)
    elif depth < DEPTH and isinstance(value, dict):
        for name, one in value.items():
            if isinstance(one, str) and _PLACE.search(name) and "://" not in one:
                yield f"http://{one}"
            elif not _CONTENT.search(name):
                yield from _addressed(one, depth + 1)
