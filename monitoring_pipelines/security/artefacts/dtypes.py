"""Types of numpy as a pickle makes them: how many bytes a number of one has.

References
----------
.. [1] numpy, `arraydescr_setstate` in `descriptor.c`: the state of a type sets the size of texts
   and records, and by its flags any type holds objects.
"""

from __future__ import annotations

import re
from typing import Any

from monitoring_pipelines.security.artefacts.outcome import UnverifiedError
from monitoring_pipelines.security.artefacts.values import Made, Name

DTYPE = Name("numpy", "dtype")
# without digits a letter is another type: `i` has four bytes
_CODE = re.compile(r"[<>=|]?([biufcmMSUVO])([0-9]{1,9})")
# a state: version, order, and so on; places of the size and the flags
LENGTHS, SIZE, FLAGS, HAS_OBJECT = {3: 8, 4: 9}, 5, 7, 1


def item_size(dtype: Any) -> int | None:
    """Bytes of one number; None of objects.

    Raises
    ------
    UnverifiedError
        If it cannot be told.

    >>> item_size(Made(DTYPE, ("<f8", False, True)))
    8
    """
    first = dtype.arguments[0] if isinstance(dtype, Made) and dtype.name == DTYPE else None
    code = _CODE.fullmatch(first) if isinstance(first, str) else None
    if code is None:
        raise UnverifiedError("an array of a type that cannot be told")
    size, flags = int(code[2]) * (4 if code[1] == "U" else 1), int(code[1] == "O")
    if dtype.built is not None:
        told, flags = _state(dtype.built)
        size = told if code[1] in "SUV" else size
    if size < 0 or (code[1] == "O") > (flags & HAS_OBJECT):
        raise UnverifiedError("an array of a type that cannot be told")
    return None if flags & HAS_OBJECT else size


def _state(state: Any) -> tuple[int, int]:
    """Size and flags."""
    if not isinstance(state, tuple) or len(state) != LENGTHS.get(state[0]):
        raise UnverifiedError("an array of a type in an unknown state")
    size, flags = state[SIZE], state[FLAGS]
    if not isinstance(size, int) or not isinstance(flags, int):
        raise UnverifiedError("an array of a type in an unknown state")
    return size, flags
