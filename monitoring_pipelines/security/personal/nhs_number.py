r"""Numbers of patients in England, in their written form 943 476 5919, with their check digit.

Nine digits are multiplied by 10 down to 2; eleven less the remainder by 11 is the tenth. One
random number in eleven passes.

References
----------
.. [1] NHS Data Dictionary, "NHS NUMBER".
"""

import re

from monitoring_pipelines.security.recogniser import Recogniser, add, digits


def _normal(text: str) -> str | None:
    number = digits(text)
    total = sum(int(char) * (10 - place) for place, char in enumerate(number[:9]))
    return number if (11 - total % 11) % 11 == int(number[9]) and len(set(number)) > 1 else None


NHS_NUMBER = add(
    Recogniser(
        kind="nhs_number",
        title="NHS numbers",
        pattern=re.compile(r"(?<![\w.+-])[0-9]{3} [0-9]{3} [0-9]{4}(?![\w-]| [0-9])"),
        hint=r"[0-9]{3} [0-9]{3} [0-9]{4}",
        normal=_normal,
        chance=1 / 11,
        grave=True,
    )
)
