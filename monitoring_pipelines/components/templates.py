"""`{{ env.X }}` in a `defs.yaml`: filled in as text, and never by nothing."""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, StrictUndefined, TemplateError

from monitoring_pipelines.errors import ConfigError


def fill_in(value: Any, scope: Mapping[str, Any], place: str = "") -> Any:
    """Fill in the templates in `value`, at any depth.

    Dagster's own resolution makes numbers of texts ("1.10" becomes 1.1), also of those without a
    template, and fills in "None" for a variable that is not set.
    """
    if isinstance(value, dict):
        return {k: fill_in(v, scope, f"{place}.{k}".strip(".")) for k, v in value.items()}
    if isinstance(value, list):
        return [fill_in(item, scope, place) for item in value]
    if not isinstance(value, str) or "{{" not in value:
        return value
    try:
        return _ENVIRONMENT.from_string(value).render(scope)
    except _NotSetError:
        raise ConfigError(
            f"`{place}` is {value}, and that is not set in the environment."
        ) from None
    except TemplateError as error:
        raise ConfigError(f"`{place}` is {value}, which cannot be filled in: {error}.") from None


class _NotSetError(Exception):
    pass


def _something(value: Any) -> Any:
    if value is None or value == "":
        raise _NotSetError
    return value


# plain text for a YAML file, no HTML
_ENVIRONMENT = Environment(undefined=StrictUndefined, finalize=_something, autoescape=False)  # noqa: S701
