r"""Forms of secrets that services give out, and how to tell one from an example of it.

Forms with a prefix of their own are facts that services document for this purpose. Where there is
none, a name such as ``password`` has to stand before the value, and the value has to look drawn: no
word, no placeholder, and enough entropy

.. math:: H = -\sum_c p_c \log_2 p_c

in bits per character.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretRule:
    """A kind of secret. Its last group in `pattern` is the secret, if it has one.

    One of the `words` is in every text that matches, in lower case, and `hint` matches it: a weaker
    pattern in RE2's syntax, of the words unless they are too common. `entropy` is the least that a
    value has, in bits per character.
    """

    kind: str
    pattern: re.Pattern[str]
    words: tuple[str, ...]
    hint: str
    entropy: float = 0.0


def entropy(text: str) -> float:
    """Bits per character.

    >>> entropy("abcd"), entropy("aaaa")
    (2.0, 0.0)
    """
    n = len(text)
    return abs(sum(k / n * math.log2(n / k) for k in Counter(text).values()))


def _rule(kind: str, pattern: str, *words: str, hint: str = "", entropy: float = 0.0) -> SecretRule:
    hint = hint or f"(?i:{'|'.join(map(re.escape, words))})"
    return SecretRule(
        kind=kind, pattern=re.compile(pattern), words=words, hint=hint, entropy=entropy
    )


# what stands between a name and its value in code, configuration and JSON
_IS = r"""["'`]{0,3}\s{0,3}(?:=|:|=>|:=)\s{0,3}["'`]{0,3}"""
_START, _END = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9_-])"
RULES = (
    _rule(
        "aws_access_key",
        r"(?<![A-Z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Z0-9])",
        "akia",
        "asia",
        "abia",
        "acca",
        entropy=3.0,
    ),
    _rule(
        "aws_secret_key",
        rf"(?i:aws.{{0,20}}secret.{{0,20}}?|secret_?access_?key){_IS}"
        r"([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
        "secret",
        entropy=4.0,
    ),
    _rule(
        "github_token",
        rf"{_START}(?:gh[pousr]_[A-Za-z0-9]{{36}}|github_pat_\w{{60,90}}){_END}",
        "ghp_",
        "gho_",
        "ghu_",
        "ghs_",
        "ghr_",
        "github_pat_",
        entropy=3.0,
    ),
    _rule(
        "gitlab_token",
        rf"{_START}gl(?:pat|dt|rt|cbt|ptt)-[\w-]{{20,50}}{_END}",
        "glpat-",
        "gldt-",
        "glrt-",
        "glcbt-",
        "glptt-",
        entropy=3.0,
    ),
    _rule("slack_token", rf"{_START}xox[abeoprs]-[\w-]{{20,200}}{_END}", "xox", entropy=2.5),
    _rule(
        "slack_webhook",
        r"hooks\.slack\.com/(?:services|workflows)/([A-Za-z0-9+/]{40,60})",
        "hooks.slack.com",
        entropy=3.0,
    ),
    _rule("google_api_key", rf"{_START}AIza[\w-]{{35}}{_END}", "aiza", entropy=3.0),
    _rule(
        "openai_key",
        rf"{_START}sk-(?:(?:proj|svcacct|admin)-[\w-]{{40,200}}|[A-Za-z0-9]{{48}}){_END}",
        "sk-",
        entropy=3.5,
    ),
    _rule(
        "anthropic_key",
        rf"{_START}sk-ant-[a-z]{{3}}\d\d-[\w-]{{60,120}}{_END}",
        "sk-ant-",
        entropy=3.5,
    ),
    _rule(
        "stripe_key",
        rf"{_START}(?:sk|rk)_(?:live|test|prod)_[A-Za-z0-9]{{20,100}}{_END}",
        "sk_",
        "rk_",
        entropy=3.0,
    ),
    _rule("sendgrid_key", rf"{_START}SG\.[\w-]{{22}}\.[\w-]{{43}}{_END}", "sg.", entropy=3.5),
    _rule(
        "twilio_key", rf"{_START}SK[0-9a-f]{{32}}{_END}", "sk", hint="SK[0-9a-f]{32}", entropy=3.0
    ),
    _rule("npm_token", rf"{_START}npm_[A-Za-z0-9]{{36}}{_END}", "npm_", entropy=3.0),
    _rule(
        "pypi_token", rf"{_START}pypi-AgEIcHlwaS5vcmc[\w-]{{50,1000}}{_END}", "pypi-", entropy=3.0
    ),
    _rule(
        "hugging_face_token",
        rf"{_START}(?:hf|api_org)_[A-Za-z]{{34}}{_END}",
        "hf_",
        "api_org_",
        entropy=3.0,
    ),
    _rule(
        "azure_account_key",
        r"(?i:AccountKey|SharedAccessKey)=([A-Za-z0-9+/]{43,88}={1,2})",
        "accountkey",
        "sharedaccesskey",
        entropy=4.0,
    ),
    _rule(
        "private_key",
        r"-----BEGIN(?: [A-Z0-9]+){0,3} PRIVATE KEY(?: BLOCK)?-----"
        r"((?:\s|\\n|\\r)+[A-Za-z0-9+/=:,\s\\-]{60,})",
        "private key",
        entropy=3.5,
    ),
    _rule(
        "json_web_token",
        r"(?<![\w.-])(eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,})(?![\w.-])",
        "eyj",
        entropy=4.0,
    ),
    _rule(
        "url_password",
        r"(?<![A-Za-z0-9])[a-z][a-z0-9+.-]{1,20}://[^\s:/@'\"<>{}\[\]$*]{1,64}:"
        r"([^\s:/@'\"<>{}$*]{6,128})@[A-Za-z0-9.-]{1,128}",
        "://",
        hint="://[^/@]+:[^/@]+@",
    ),
    _rule(
        "password",
        rf"(?i)(?<![a-z])(?:password|passwd|passphrase|pwd){_IS}"
        r"([^\s\"'`,;(){}\[\]<>$&|\\]{8,128})",
        "passw",
        "pwd",
        "passphrase",
        entropy=2.8,
    ),
    _rule(
        "api_key",
        rf"(?i)(?:api|access|auth|client|secret)[_.-]?(?:key|token|secret){_IS}"
        r"([A-Za-z0-9_.+/=-]{20,200})(?![A-Za-z0-9_.+/=-])",
        "key",
        "token",
        "secret",
        hint="(?i:key|token|secret)[^A-Za-z0-9]{0,6}[=:]",
        entropy=3.8,
    ),
)
_NO_SECRET = re.compile(
    r"(?i)example|placeholder|your|change.?me|dummy|sample|redact|secret|passw|token|insert|xxx"
    r"|\*\*\*|\.\.\.|123456|abcdef|hunter2|p.ssw.rd|qwert|test|foobar|localhost|<|none|null|true|false|user"
    r"|env|config|process|key"
)
# names that must have something besides letters, since a word is no drawn value
_NAMED = frozenset({"password", "api_key", "url_password"})


def find_secrets(text: str, among: Iterable[SecretRule] = RULES) -> Iterator[tuple[str, str]]:
    """Kinds and values of the secrets in a text; a form of its own goes before a mere name.

    `among` may leave out rules whose hint the text does not match; their order stays.

    >>> [kind for kind, _ in find_secrets("postgres://ana:Tr0ub4dor-3@db.bank.org/x")]
    ['url_password']
    """
    lower, seen = text.casefold(), set[str]()
    for rule in among:
        if not any(word in lower for word in rule.words):
            continue
        for match in rule.pattern.finditer(text):
            value = match[rule.pattern.groups]
            if value not in seen and _is_drawn(rule, value):
                seen.add(value)
                yield rule.kind, value


def _is_drawn(rule: SecretRule, value: str) -> bool:
    if entropy(value) < rule.entropy or value.startswith(("$", "{", "%")):
        return False
    if rule.kind not in _NAMED:
        return not re.search(r"(?i)example|xxxxx|00000000", value)
    kinds = [bool(re.search(part, value)) for part in ("[a-z]", "[A-Z]", "[0-9]", "[^A-Za-z0-9]")]
    # a path, a call or a name in code has letters and signs only
    return sum(kinds) >= 3 and kinds[2] and not _NO_SECRET.search(value)  # noqa: PLR2004
