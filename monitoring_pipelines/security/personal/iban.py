r"""International bank account numbers: the country's length, and a remainder of 1 by 97.

The first four characters go to the end, letters become 10 to 35, and the number has to be
:math:`1 \bmod 97`. One random number in 97 passes.

References
----------
.. [1] ISO 13616-1:2020; SWIFT, "IBAN registry", release 99: lengths by country.
"""

import re

from monitoring_pipelines.security.recogniser import Recogniser, add

LENGTHS = {
    code: length
    for length, codes in {
        15: "NO", 16: "BE BI", 18: "DK FI FO GL NL SD FK", 19: "MK SI",
        20: "AT BA EE KZ LT LU MN XK", 21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA", 23: "AE GI IL IQ OM TL SO",
        24: "AD CZ ES MD PK RO SA SE SK TN VG", 25: "LY PT ST", 26: "IS TR",
        27: "BF CF FR GR IT MC MR SM DJ", 28: "AL AZ BY CY DO GT HU LB NI PL SV BJ",
        29: "BR EG PS QA UA", 30: "JO KW MU YE", 31: "MT SC", 32: "LC", 33: "RU",
    }.items()
    for code in codes.split()
}  # fmt: skip


def _normal(text: str) -> str | None:
    number = re.sub(r"[ -]", "", text).upper()
    length = LENGTHS.get(number[:2])
    # words may follow that look like more of it
    if length is None or len(number) < length:
        return None
    number = number[:length]
    return number if _remainder(number) == 1 else None


def _remainder(number: str) -> int:
    moved = number[4:] + number[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97


IBAN = add(
    Recogniser(
        kind="iban",
        title="bank accounts (IBAN)",
        pattern=re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?:[ -]?[A-Z0-9]){11,30}(?![a-z])"),
        hint=r"[A-Z]{2}[0-9]{2}[ -]?[A-Z0-9]",
        normal=_normal,
        chance=1 / 97,
        grave=True,
    )
)
