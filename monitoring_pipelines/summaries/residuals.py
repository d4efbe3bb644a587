"""Sums of a regression model's errors: what every error metric and its interval need."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Residuals:
    """Of `n` labelled rows with error ``e = prediction - label`` and label ``y``.

    `error, absolute, squared, quartic` are the sums of e, abs(e), e², e⁴; `label` and
    `label_squared` those of y and y² after subtracting the constant `offset` (the reference's
    mean label, against cancellation); `relative` and `relative_squared` those of
    abs(e) / max(abs(y), 2⁻⁵²), as scikit-learn defines the percentage error; `n_log`,
    `log_squared` and `log_quartic` the number of rows with both values above -1 and the sums of
    l² and l⁴ with l = ln(1 + prediction) - ln(1 + y).
    """

    n: int
    error: float
    absolute: float
    squared: float
    quartic: float
    label: float
    label_squared: float
    relative: float
    relative_squared: float
    n_log: int
    log_squared: float
    log_quartic: float
    offset: float = 0.0

    def __add__(self, other: Residuals) -> Residuals:
        shift = other.offset - self.offset
        return Residuals(
            n=self.n + other.n,
            error=self.error + other.error,
            absolute=self.absolute + other.absolute,
            squared=self.squared + other.squared,
            quartic=self.quartic + other.quartic,
            label=self.label + other.label + other.n * shift,
            label_squared=self.label_squared
            + other.label_squared
            + 2 * shift * other.label
            + other.n * shift * shift,
            relative=self.relative + other.relative,
            relative_squared=self.relative_squared + other.relative_squared,
            n_log=self.n_log + other.n_log,
            log_squared=self.log_squared + other.log_squared,
            log_quartic=self.log_quartic + other.log_quartic,
            offset=self.offset,
        )
