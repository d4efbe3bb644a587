from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dagster_project import imports_of_its_own

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _own_assets() -> Iterator[None]:
    with imports_of_its_own():
        yield
