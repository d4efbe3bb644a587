from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from monitoring_pipelines.store.locks import exclusive

if TYPE_CHECKING:
    import sqlalchemy as sa


def test_the_second_waits_until_the_first_is_done(alert_engine: sa.Engine) -> None:
    order: list[str] = []

    def second() -> None:
        with alert_engine.begin() as connection:
            exclusive(connection, "alerts:churn")
            order.append("second in")

    with alert_engine.begin() as connection:
        exclusive(connection, "alerts:churn")
        other = threading.Thread(target=second)
        other.start()
        time.sleep(0.2)
        order.append("first out")
    other.join()
    assert order == ["first out", "second in"]
