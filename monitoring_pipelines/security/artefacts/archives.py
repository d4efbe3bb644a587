"""ZIP archives: of torch, numpy, Keras and others; every member is looked at, none is written."""

from __future__ import annotations

import json
import zipfile
from typing import IO, TYPE_CHECKING, Any

from monitoring_pipelines.security.artefacts.outcome import UnsafeError, UnverifiedError, name
from monitoring_pipelines.security.artefacts.stream import DAMAGE, Bounded

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitoring_pipelines.security.artefacts.outcome import Limits
    from monitoring_pipelines.security.artefacts.stream import Budget

# members of torch's archives that are numbers or plain text
NUMBERS = ("data/", "data.pkl/")
TEXTS = ("version", "byteorder", ".format_version", ".storage_alignment", ".data/serialization_id")
LAYERS = frozenset(
    {"Lambda", "TFOpLambda", "SlicingOpLambda", "TorchModuleWrapper", "JaxLayer", "__lambda__"}
)
# packages that a configuration of Keras takes its classes from; any other is imported by its name
KERAS = frozenset({"keras", "tf_keras", "keras_hub", "keras_nlp", "keras_cv", "tensorflow"})


def check_archive(
    file: IO[bytes], budget: Budget, limits: Limits, look: Callable[[Bounded], str]
) -> str:
    """Look into every member by `look`; what the archive is."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if len(members) > limits.n_members:
                raise UnverifiedError("more members than are looked at")
            for member in members:
                _check_member(archive, member, budget, look)
    # zipfile raises NotImplementedError for a compression that it does not know
    except (zipfile.BadZipFile, NotImplementedError, *DAMAGE) as error:
        raise UnverifiedError(f"a damaged archive ({type(error).__name__})") from error
    return f"an archive of {len(members)} members"


def _check_member(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    budget: Budget,
    look: Callable[[Bounded], str],
) -> None:
    path = member.filename
    if path.startswith(("/", "\\")) or ".." in path.replace("\\", "/").split("/"):
        raise UnsafeError(f"{name(path)} would be written elsewhere")
    if member.is_dir():
        return
    if member.flag_bits & 1:
        raise UnverifiedError(f"{name(path)} is encrypted")
    with archive.open(member) as opened:
        stream = Bounded(opened, budget)
        try:
            if _is_numbers(path):
                stream.skip(member.file_size)
            elif path.endswith((".json", ".md", ".txt")) or path.endswith(TEXTS):
                check_text(stream)
            else:
                look(stream)
        except (UnsafeError, UnverifiedError) as error:
            raise type(error)(f"{name(path)}: {error}") from None


def _is_numbers(path: str) -> bool:
    folder, _, file = path.rpartition("/")
    return file.isdigit() and f"{folder}/".endswith(NUMBERS)


def check_text(stream: Bounded) -> str:
    """Look into JSON or another text; what of Keras holds or imports code is found by its class."""
    data = bytearray()
    while part := stream.read(1 << 20):
        data += part
        if len(data) > MAX_TEXT:
            raise UnverifiedError("a text larger than is looked at")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise UnverifiedError("no text") from None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        if text.lstrip()[:1] in {"{", "["}:
            raise UnverifiedError("JSON that cannot be read to its end") from error
        return "a text"
    _check_classes(found)
    return "a text in JSON"


MAX_TEXT = 256 << 20


def _check_classes(found: Any) -> None:
    for module, cls in sorted(_classes(found)):
        if cls in LAYERS:
            raise UnsafeError(f"a layer {cls}, which holds code")
        if module and module.partition(".")[0] not in KERAS:
            raise UnsafeError(f"{name(module)}.{name(cls)} is imported from outside of Keras")


def _classes(value: Any) -> set[tuple[str, str]]:
    """Every `class_name` in a configuration, with its `module` if there is one.

    References
    ----------
    .. [1] CVE-2025-1550: Keras imported any function that a configuration names in this way.
    """
    found, todo = set[tuple[str, str]](), [value]
    while todo:
        one = todo.pop()
        if isinstance(one, dict):
            if isinstance(one.get("class_name"), str):
                module = one.get("module")
                found.add((module if isinstance(module, str) else "", one["class_name"]))
            todo += one.values()
        elif isinstance(one, list):
            todo += one
        elif isinstance(one, str) and '"class_name"' in one[:100_000]:
            try:
                todo.append(json.loads(one))
            except (ValueError, RecursionError):
                continue
    return found
