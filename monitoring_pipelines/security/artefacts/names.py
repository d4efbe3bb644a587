"""Exact names that a model file may use; they are data (`allowed.json`)."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

from monitoring_pipelines.security.artefacts.outcome import UnsafeError, UnverifiedError, name
from monitoring_pipelines.security.artefacts.values import Name

# packages whose functions start programs, import, open or evaluate; the others are not known
RUNS = frozenset(
    [
        "os",
        "posix",
        "nt",
        "subprocess",
        "sys",
        "builtins",
        "__builtin__",
        "importlib",
        "runpy",
        "ctypes",
        "socket",
        "shutil",
        "pty",
        "code",
        "codeop",
        "commands",
        "webbrowser",
        "pickle",
        "_pickle",
        "cPickle",
        "marshal",
        "types",
        "operator",
        "functools",
        "joblib",
        "cloudpickle",
        "dill",
        "asyncio",
        "multiprocessing",
        "threading",
        "signal",
        "http",
        "urllib",
        "ftplib",
        "smtplib",
        "ssl",
        "tempfile",
        "pathlib",
        "io",
        "pdb",
        "bdb",
        "timeit",
        "trace",
        "profile",
        "cProfile",
        "pydoc",
        "doctest",
        "idlelib",
        "distutils",
        "ensurepip",
        "pip",
        "venv",
        "zipimport",
        "pkgutil",
        "imp",
        "inspect",
        "linecache",
        "site",
        "torch",
        "numpy",
        "pandas",
    ]
)


class UnlistedError(UnverifiedError):
    """A name is not on the list; the second argument is module and name."""

    def __str__(self) -> str:
        return str(self.args[0])


@cache
def allowed() -> dict[str, frozenset[str]]:
    """Exact names that a model file may use, by module."""
    package = resources.files("monitoring_pipelines.security.artefacts")
    data = json.loads(package.joinpath("allowed.json").read_text(encoding="utf-8"))
    return {module: frozenset(names) for module, names in data["names"].items()}


def known(module: str, qualname: str, more: frozenset[str]) -> Name:
    """A name that is on the list or among `more`; raises otherwise, and says what it would do."""
    found = Name(module, qualname)
    if qualname not in allowed().get(module, ()) and str(found) not in more:
        if module.partition(".")[0] in RUNS:
            raise UnsafeError(f"{name(found)} would run something")
        told = f"{name(found)} is not on the list of allowed names"
        raise UnlistedError(told, f"{module} {qualname}")
    return found
