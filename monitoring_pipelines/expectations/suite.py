"""temporary until gx is merged."""

from pathlib import Path
from typing import Any


class ExpectationSuite:
    check_names: dict[str, str] = {}


def load_suite(source: Any, folder: Path) -> ExpectationSuite:
    return ExpectationSuite()
