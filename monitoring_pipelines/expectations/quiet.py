"""Great Expectations without telemetry, log lines and warnings; import this before it."""

from __future__ import annotations

import logging
import os
import warnings

# read at import by the releases that have telemetry
os.environ["GX_ANALYTICS_ENABLED"] = "false"

with warnings.catch_warnings():
    # it imports modules of the standard library that are deprecated; nothing a user can mend
    warnings.simplefilter("ignore", DeprecationWarning)
    import great_expectations  # noqa: F401

# its messages quote values of the data; what went wrong is told by the results
logging.getLogger("great_expectations").setLevel(logging.CRITICAL + 1)
