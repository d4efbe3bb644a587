from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from monitoring_pipelines.config.monitoring import MonitoringConfig


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"weekly_digest": "monday"}, "'monday' is no cron line; write minute hour day month"),
        ({"timezone": "Europe/Madird"}, "Unknown time zone 'Europe/Madird'."),
        ({"digest_to": ["teams:X"]}, "'teams' is no service."),
        ({"watch_label": "* * * * *"}, "Unknown key 'watch_label'. Did you mean 'watch_labels'?"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(values: Any, sentence: str) -> None:
    with pytest.raises(ValidationError) as error:
        MonitoringConfig.model_validate(values)
    assert sentence in str(error.value)


def test_a_digest_can_be_left_out() -> None:
    assert MonitoringConfig().weekly_digest == "0 8 * * 1"
    assert MonitoringConfig.model_validate({"weekly_digest": None}).weekly_digest is None
