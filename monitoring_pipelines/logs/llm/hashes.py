"""Hashes that stand for text which must not leave the reader."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import msgspec


@dataclass(frozen=True, slots=True)
class Hashes:
    """Makes hashes of 16 hexadecimal digits.

    What people wrote or are called is hashed with `key` (up to 64 bytes), since short texts could
    be guessed otherwise. Without a key one is drawn: equal texts of one reading still have equal
    hashes, those of another reading differ.

    References
    ----------
    BLAKE2 in keyed mode: RFC 7693, section 2.9.
    """

    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def personal(self, value: Any) -> str | None:
        """Hash of a text, or of anything else by its canonical JSON; None of nothing."""
        if value is None or value == "":
            return None
        text = value if isinstance(value, str) else canonical(value)
        return blake2b(_bytes(text), key=self.key[:64], digest_size=8).hexdigest()

    @staticmethod
    def template(*parts: Any) -> str | None:
        """Hash of what developers wrote (system prompt, tools): the same everywhere."""
        if not any(parts):
            return None
        text = "\0".join(part if isinstance(part, str) else canonical(part) for part in parts)
        return blake2b(_bytes(text), digest_size=8).hexdigest()


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces, so that equal values have one text.

    >>> canonical({"b": 1, "a": [2]})
    '{"a":[2],"b":1}'
    """
    try:
        return msgspec.json.encode(value, enc_hook=str, order="deterministic").decode()
    except (UnicodeEncodeError, RecursionError):
        # a lone surrogate, as Python's own writers leave it
        return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
