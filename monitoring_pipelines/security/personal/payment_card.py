r"""Numbers of payment cards: a known range of issuers, its length, and Luhn's check digit.

Every second digit from the right is doubled, and the sum of all digits is a multiple of ten. One
random number in ten passes, so a column of long numbers is judged by how many of them do.

References
----------
.. [1] ISO/IEC 7812-1:2017, Identification cards: numbering system, annex B.
"""

import re

from monitoring_pipelines.security.recogniser import Recogniser, add, digits

# first digits, and the lengths that their issuers use
RANGES = (
    (re.compile(r"4"), {13, 16, 19}),
    (re.compile(r"5[1-5]|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)"), {16}),
    (re.compile(r"3[47]"), {15}),
    (re.compile(r"30[0-5]|309|3[689]"), {14, 16, 19}),
    (re.compile(r"35(?:2[89]|[3-8]\d)"), {16, 17, 18, 19}),
    (re.compile(r"1800|2131"), {15}),
    (re.compile(r"6011|64[4-9]|65|62"), {16, 17, 18, 19}),
    (re.compile(r"50|5[6-9]|6[0-9]"), {12, 13, 14, 15, 16, 17, 18, 19}),
)


def luhn(number: str) -> bool:
    """Whether the last digit is Luhn's check digit of the others.

    >>> luhn("79927398713"), luhn("79927398710")
    (True, False)
    """
    total = 0
    for place, char in enumerate(reversed(number)):
        value = int(char) * (1 + place % 2)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 - the sum of two digits
    return total % 10 == 0


def _normal(text: str) -> str | None:
    number = digits(text)
    known = any(start.match(number) and len(number) in lengths for start, lengths in RANGES)
    return number if known and luhn(number) else None


PAYMENT_CARD = add(
    Recogniser(
        kind="payment_card",
        title="payment cards",
        pattern=re.compile(r"(?<![\w.,:/+-])[1-6](?:[ -]?[0-9]){11,18}(?![\w-]|[.,:][0-9])"),
        hint=r"[1-6](?:[ -]?[0-9]){11}",
        normal=_normal,
        chance=0.1,
        grave=True,
    )
)
