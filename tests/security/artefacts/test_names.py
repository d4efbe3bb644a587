"""Names are exact, and none of them runs what a file says."""

from __future__ import annotations

import pytest

from monitoring_pipelines.security.artefacts.names import UnlistedError, allowed, known
from monitoring_pipelines.security.artefacts.outcome import UnsafeError
from monitoring_pipelines.security.artefacts.values import Name


def test_no_name_that_runs_something_is_listed() -> None:
    listed = {f"{module}.{name}" for module, names in allowed().items() for name in names}
    dangerous = {
        "builtins.eval", "builtins.exec", "builtins.getattr", "builtins.__import__", "os.system",
        "builtins.open", "functools.partial", "operator.attrgetter", "importlib.import_module",
        "joblib.numpy_pickle.load", "numpy.load", "torch.load", "pandas.read_pickle",
        "pandas.HDFStore", "pandas.eval", "builtins.type", "builtins.map", "builtins.super",
    }  # fmt: skip
    assert not listed & dangerous
    assert not {"os", "posix", "subprocess", "sys", "pickle", "importlib"} & {*allowed()}


def test_a_name_is_known_exactly_or_not_at_all() -> None:
    assert known("builtins", "list", frozenset()) == Name("builtins", "list")
    with pytest.raises(UnsafeError, match="builtins.list.append would run something"):
        known("builtins", "list.append", frozenset())
    with pytest.raises(UnlistedError, match="acme.Thing is not on the list"):
        known("acme", "Thing", frozenset())
    assert known("acme", "Thing", frozenset({"acme.Thing"})) == Name("acme", "Thing")
