"""Everything that can go wrong, in one tree.

::

    MonitoringError
    ├── ConfigError            what a user wrote; stops the load            (also a ValueError)
    │   └── UnknownNameError   a name that is not registered, with the likely one
    ├── SourceError            a log that cannot be read as configured
    │   ├── SourceNotFoundError
    │   ├── SourceUnreadableError
    │   ├── MissingColumnError
    │   ├── TimestampError
    │   ├── RecordError            one record is in no known shape: it is quarantined
    │   └── SourceChangedError     it changed while it was read: try again
    ├── DataError              a number that cannot be computed: becomes the verdict `unknown`
    │   ├── EmptySampleError
    │   │   ├── NoLabelError
    │   │   └── NoVectorError
    │   ├── BinMismatchError
    │   ├── OneClassError
    │   └── NotApplicableError
    ├── StoreError             the monitoring database
    ├── EvidenceError          a key, an anchor or an export of the evidence chain
    ├── HandlingError          what somebody wants to do about an incident cannot be
    └── DeliveryError          a message that did not go out; what follows depends on why
        ├── RetryLaterError        it was not taken, and will be later
        ├── UnknownOutcomeError    it may have been taken: look before saying it again
        ├── DestinationError       a token, a scope or a channel is wrong: a person must act
        ├── PayloadError           it was refused for its content: say it more simply
        └── GoneError              the message to be edited is not there any more

The class builds the sentence: what, where, what to do.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class MonitoringError(Exception):
    """Base of every error that this package raises on purpose."""


def suggestion(name: str, known: Iterable[str]) -> str:
    """``Did you mean 'x'? Known: x, y.`` for a misspelt `name`.

    >>> suggestion("jensen_shanon", ["psi", "jensen_shannon"])
    "Did you mean 'jensen_shannon'? Known: jensen_shannon, psi."
    """
    names = sorted(known)
    close = get_close_matches(name, names, n=1)
    hint = f"Did you mean '{close[0]}'? " if close else ""
    return f"{hint}Known: {', '.join(names) or 'none'}."


class ConfigError(MonitoringError, ValueError):
    """What a user wrote cannot work."""


class UnknownNameError(ConfigError):
    """A name that nothing is registered under."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        super().__init__(f"Unknown {what} '{name}'. {suggestion(name, known)}")


class SourceError(MonitoringError):
    """A log that cannot be read as it is configured."""


class SourceNotFoundError(SourceError):
    """Nothing lies at the configured place."""

    def __init__(self, location: str, detail: str = "") -> None:
        super().__init__(
            f"No file or table at '{location}'{f' ({detail})' if detail else ''}. "
            "Check `location`; a relative path is taken from the project folder."
        )


class SourceUnreadableError(SourceError):
    """Something lies there, and it is not what its name says."""

    def __init__(self, location: str, detail: str) -> None:
        super().__init__(f"'{location}' cannot be read: {detail}")
        self.detail = detail


class MissingColumnError(SourceError):
    """A configured column is not in the log."""

    def __init__(self, role: str, column: str, location: str, known: Iterable[str]) -> None:
        super().__init__(
            f"Column '{column}' (`{role}`) is not in '{location}'. {suggestion(column, known)}"
        )


class TimestampError(SourceError):
    """The timestamp column cannot be understood."""


class RecordError(SourceError):
    """A record that no format reads. `reason` is a fixed sentence and shows nothing of it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SourceChangedError(SourceError):
    """A file was replaced while it was read; nothing was stored."""

    def __init__(self, location: str) -> None:
        super().__init__(
            f"'{location}' changed while it was read, so nothing was stored. "
            "Run the window again; writers should write elsewhere and rename."
        )


class DataError(MonitoringError):
    """A number that these data cannot give. It becomes the verdict `unknown` with this reason."""


class EmptySampleError(DataError):
    """There is no value to compute with."""

    def __init__(self, period: str) -> None:
        super().__init__(f"no value in the {period} period")


class NoLabelError(EmptySampleError):
    """No row has both what the metric needs and a label."""

    def __init__(self, needs: str) -> None:
        self.needs = needs
        DataError.__init__(self, f"no labelled row with a {needs}")


class NoVectorError(EmptySampleError):
    """No row holds a vector that can be compared; `why` counts what they hold instead."""

    def __init__(self, period: str, why: str) -> None:
        DataError.__init__(
            self, f"no vector in the {period} period can be compared{f': {why}' if why else ''}"
        )


class BinMismatchError(DataError):
    """Two histograms do not share their bins."""

    def __init__(self, reference: int, analysis: int) -> None:
        super().__init__(
            f"the reference has {reference} bins and the analysis {analysis}, or other edges. "
            "Fit the bins on the reference period once"
        )


class OneClassError(DataError):
    """All labels are of one class, and the metric needs two."""

    def __init__(self, n: int, label: str = "") -> None:
        of = f" ('{label}')" if label else ""
        super().__init__(f"all {n:,} labels are of one class{of}")


class NotApplicableError(DataError):
    """The metric has no meaning for this column or task."""


class StoreError(MonitoringError):
    """The monitoring database cannot be used as it is."""


class EvidenceError(MonitoringError):
    """A key or an anchor of the evidence chain cannot be used as it is."""


class HandlingError(MonitoringError):
    """What somebody wants to do about an incident cannot be done."""


class DeliveryError(MonitoringError):
    """A message did not go out."""


class RetryLaterError(DeliveryError):
    """The message was not taken. `after_s` is how long the service asks to wait, if it does."""

    def __init__(self, reason: str, after_s: float | None = None) -> None:
        super().__init__(reason)
        self.after_s = after_s


class UnknownOutcomeError(DeliveryError):
    """Nobody knows whether the message was taken."""


class DestinationError(DeliveryError):
    """No message goes to this destination until somebody mends its configuration."""


class PayloadError(DeliveryError):
    """The message was refused for its content. `details` is what the service says of its parts."""

    def __init__(self, reason: str, details: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.details = details


class GoneError(DeliveryError):
    """The message that was to be edited cannot be edited any more."""
