"""Secrets and personal values out of a text: the second net, for what should not be there."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# per character; names in camel case stay below it, random keys of 24 characters and more do not
MIN_ENTROPY_BITS = 4.4
MIN_CARD = 13

_PLAIN = (
    ("private_key", re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)", re.S)),
    # before the tokens, which would swallow the name of what is assigned
    ("assigned_secret", re.compile(
        r"\b\w*(?:password|passwd|pwd|secret|token|api[_-]?key|authorization)\b\s*[=:]\s*"
        r"(?:bearer\s+|basic\s+)?\S+", re.I)),
    ("slack_webhook", re.compile(r"hooks\.slack\.com/\S+", re.I)),
    ("token", re.compile(r"xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}", re.I)),
    ("token", re.compile(r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}")),
    ("token", re.compile(r"gh[pousr]_\w{20,}|github_pat_\w{20,}")),
    ("token", re.compile(r"(?<![^\W_])sk-[\w-]{16,}")),
    ("token", re.compile(r"(?<![^\W_])eyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]*")),
    ("bearer", re.compile(r"\bbearer\s+[\w.~+/-]{8,}=*", re.I)),
    ("credentials", re.compile(r"(?<=://)[^\s/@:]+:[^\s/@]+(?=@)")),
    ("email", re.compile(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")),
    ("ssn", re.compile(r"(?<![\d.-])\d{3}-\d{2}-\d{4}(?![\d-])")),
    ("ip", re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])")),
    ("phone", re.compile(r"(?<![\w.])\+\d{1,3}[ -]?(?:\(?\d{1,4}\)?[ -]?){2,5}\d{2,4}(?!\w)")),
)  # fmt: skip

# cards start with 3 to 6, times since 1970 with 1 and dates with 2
_CARD = re.compile(r"(?<![\w.-])[3-6](?:[ -]?\d){12,18}(?![\w.])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b")
_GAP = re.compile("([ -])")
_DENSE = re.compile(
    r"(?<![\w/+-])(?=[\w/+-]*\d)(?=[\w/+-]*[a-z])(?=[\w/+-]*[A-Z])[\w/+-]{24,}={0,2}"
)


def redact(text: str) -> str:
    """`text` with every secret and personal value replaced by the name of its kind.

    >>> redact("login of ann@example.org, password=hunter2, auc 0.80412")
    'login of [email], [assigned_secret] auc 0.80412'
    """
    for kind, pattern in _PLAIN:
        text = pattern.sub(f"[{kind}]", text)
    text = _within(_CARD, _is_card, "card", text)
    text = _within(_IBAN, _is_iban, "iban", text)
    return _DENSE.sub(_if(_is_dense, "secret"), text)


def _within(
    pattern: re.Pattern[str], is_secret: Callable[[str], bool], kind: str, text: str
) -> str:
    """Replace every part that `is_secret`; numbers before and after it hide none."""

    def replaced(match: re.Match[str]) -> str:
        words = _GAP.split(match[0])  # with the gaps between them at odd places
        for first in range(0, len(words), 2):
            for last in range(len(words), first, -2):
                if is_secret("".join(words[first:last])):
                    rest = _within(pattern, is_secret, kind, "".join(words[last:]))
                    return "".join([*words[:first], f"[{kind}]", rest])
        return match[0]

    return pattern.sub(replaced, text)


def _if(is_secret: Callable[[str], bool], kind: str) -> Callable[[re.Match[str]], str]:
    return lambda match: f"[{kind}]" if is_secret(match[0]) else match[0]


def _is_card(text: str) -> bool:
    """13 digits or more by Luhn's check: every second one from the right counts double."""
    digits = [int(c) for c in reversed(text) if c.isdigit()]
    total = sum(sum(divmod(2 * d, 10)) if i % 2 else d for i, d in enumerate(digits))
    return total % 10 == 0 and len(digits) >= MIN_CARD and text[0] in "3456"


def _is_iban(text: str) -> bool:
    """ISO 13616: the number with its first four characters moved to the end is 1 modulo 97."""
    compact = text.replace(" ", "")
    if not _IBAN.fullmatch(compact):
        return False
    moved = compact[4:] + compact[:4]
    return int("".join(str(int(c, 36)) for c in moved)) % 97 == 1


def _is_dense(text: str) -> bool:
    """Whether the characters are as mixed as those of a random key."""
    counts = Counter(text)
    entropy = -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())
    return entropy >= MIN_ENTROPY_BITS
