"""Kinds of trouble."""

from enum import StrEnum


class Cause(StrEnum):
    """Kind of trouble; alerts of one model and one cause are one incident."""

    PERFORMANCE = "performance"
    DATA_CONTRACT = "data_contract"
    SILENCE = "silence"
    FAIRNESS = "fairness"
    GOVERNANCE = "governance"
    SECURITY = "security"

    @property
    def label(self) -> str:
        """As people say it."""
        return self.value.replace("_", " ").capitalize()
