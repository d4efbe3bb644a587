"""One file per signal, found by walking the package."""

from importlib import import_module
from pkgutil import iter_modules

from monitoring_pipelines.security.signal import SIGNALS as SIGNALS

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
