"""Hashes that stand for text which must not leave the reader."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, field
from hashlib import blake2b
from hmac import compare_digest
from typing import TYPE_CHECKING, Any

import msgspec

from monitoring_pipelines.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

MIN_SECRET = 16
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class Hashes:
    """Makes hashes of 16 hexadecimal digits.

    What people wrote or are called is hashed with `key` (up to 64 bytes), since short texts could
    be guessed otherwise. Without a key one is drawn: equal texts of one reading still have equal
    hashes, those of another reading differ.

    A key with a `name` tells it: `id` stands before each of its hashes, so that whoever changes the
    key knows later which one a hash was made with. Hashes of different keys never meet: to find a
    person in older rows, hash the name with the older keys (`matches`).

    References
    ----------
    BLAKE2 in keyed mode: RFC 7693, section 2.9.
    """

    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    name: str = ""

    @classmethod
    def named(cls, name: str, environment: Mapping[str, str]) -> Hashes:
        """The key in the variable `name`; raises a `ConfigError` that never shows it."""
        if not NAME.fullmatch(name):
            raise ConfigError(
                f"'{name[:40]}' is no name of an environment variable. Name the variables that "
                "hold the keys, and not the keys."
            )
        secret = environment.get(name, "").encode()
        if len(secret) < MIN_SECRET:
            raise ConfigError(
                f"The hash key {name} is not set, or shorter than {MIN_SECRET} characters; "
                "`openssl rand -hex 32` makes one."
            )
        return cls(secret, name)

    @property
    def id(self) -> str:
        """Name, and eight digits that change with the secret; "" of a key without a name.

        >>> Hashes(b"a secret of some length", "PII_2026").id
        'PII_2026.6a73e134'
        """
        if not self.name:
            return ""
        told = blake2b(b"monitoring-pipelines hashes", key=self.key[:64], digest_size=4)
        return f"{self.name}.{told.hexdigest()}"

    def matches(self, stored: str, value: Any) -> bool:
        """Whether a stored hash is of `value` and was made with this key."""
        made = self.personal(value)
        return made is not None and compare_digest(made.encode(), stored.encode())

    def personal(self, value: Any) -> str | None:
        """Hash of a text, or of anything else by its canonical JSON; None of nothing."""
        if value is None or value == "":
            return None
        text = value if isinstance(value, str) else canonical(value)
        made = blake2b(_bytes(text), key=self.key[:64], digest_size=8).hexdigest()
        return f"{self.id}:{made}" if self.name else made

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
