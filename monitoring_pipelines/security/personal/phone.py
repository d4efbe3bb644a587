"""Telephone numbers in a written form that little else has.

With the plus sign of an international number, or as North America writes them. Other national
forms look like any other number and are not found.

References
----------
.. [1] ITU-T E.164 (11/2010): at most 15 digits after the plus sign.
"""

import re

from monitoring_pipelines.security.recogniser import Recogniser, add, digits

MIN_DIGITS, MAX_DIGITS = 8, 15


def _normal(text: str) -> str | None:
    number = digits(text)
    return number if MIN_DIGITS <= len(number) <= MAX_DIGITS and len(set(number)) > 2 else None  # noqa: PLR2004


PHONE = add(
    Recogniser(
        kind="phone",
        title="telephone numbers",
        pattern=re.compile(
            r"(?<![\w+])\+[1-9](?:[ .()/-]{0,2}[0-9]){7,14}(?![\w-])"
            r"|(?<![\w.(-])(?:1[ .-])?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[.-])"
            r"[2-9][0-9]{2}[.-][0-9]{4}(?![\w-])"
        ),
        hint=r"\+[1-9][ .()/-]{0,2}[0-9]|[0-9]{3}[).-] ?[0-9]{3}[.-][0-9]{4}",
        normal=_normal,
    )
)
