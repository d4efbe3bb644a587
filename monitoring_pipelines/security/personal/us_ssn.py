"""Social security numbers of the United States, in their written form 123-45-6789.

Never issued are areas 000, 666 and 900 to 999, the group 00 and the serial 0000. Nine digits
without dashes or blanks are not taken for one: any number is.

References
----------
.. [1] US Social Security Administration, "Social Security Number Randomization", 2011.
"""

import re

from monitoring_pipelines.security.recogniser import Recogniser, add, digits

# printed in advertisements, and never a person's
UNUSED = frozenset({"078051120", "219099999", "123456789"})


def _normal(text: str) -> str | None:
    number = digits(text)
    return None if number in UNUSED or len(set(number)) == 1 else number


US_SSN = add(
    Recogniser(
        kind="us_ssn",
        title="US social security numbers",
        pattern=re.compile(
            r"(?<![\w.-])(?!000|666|9)[0-9]{3}([- ])(?!00)[0-9]{2}\1(?!0000)[0-9]{4}(?![\w-])"
        ),
        hint=r"[0-9]{3}[- ][0-9]{2}[- ][0-9]{4}",
        normal=_normal,
        grave=True,
    )
)
