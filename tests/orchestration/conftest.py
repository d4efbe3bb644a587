from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg
import pytest

from tests.dagster_project import imports_of_its_own

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _own_assets() -> Iterator[None]:
    with imports_of_its_own():
        yield


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    # the default captures the output of a step by processes that wait on pytest's own capture
    logs = {
        "module": "dagster._core.storage.noop_compute_log_manager",
        "class": "NoOpComputeLogManager",
    }
    with dg.instance_for_test(overrides={"compute_logs": logs}) as found:
        yield found
