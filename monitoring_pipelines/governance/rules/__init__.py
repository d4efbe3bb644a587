"""One file per rule, found by walking the package."""

from importlib import import_module
from pkgutil import iter_modules

from monitoring_pipelines.governance.rule import RULES as RULES

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
