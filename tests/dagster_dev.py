"""`dagster dev`, as a user starts it: webserver, daemon and code server, asked over GraphQL."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import psutil

from tests.dagster_project import clean_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Found = TypeVar("Found")

POLL_S = 0.25
# an idle machine needs a tenth of them
LOAD_S, RUN_S, LOOK_S, END_S = 180.0, 180.0, 120.0, 30.0
LOG_LINES = 30

LOCATION = """{workspaceOrError {... on Workspace {locationEntries {
  loadStatus locationOrLoadError {__typename ... on PythonError {message}}}}}}"""
LAUNCH = """mutation ($params: ExecutionParams!) {launchRun(executionParams: $params) {
  __typename ... on LaunchRunSuccess {run {runId}} ... on PythonError {message}}}"""
STATUS = "query ($run: ID!) {runOrError(runId: $run) {... on Run {status}}}"
FINISHED = {"SUCCESS", "FAILURE", "CANCELED"}
TICK = """status skipReason timestamp runIds error {message causes {message}}
  requestedMaterializationsForAssets {assetKey {path} partitionKeys}"""
TICKS = {
    "sensor": f"""query ($of: SensorSelector!) {{sensorOrError(sensorSelector: $of) {{
      ... on Sensor {{state: sensorState {{ticks(limit: 50) {{{TICK}}}}}}}}}}}""",
    "schedule": f"""query ($of: ScheduleSelector!) {{scheduleOrError(scheduleSelector: $of) {{
      ... on Schedule {{state: scheduleState {{ticks(limit: 50) {{{TICK}}}}}}}}}}}""",
}


class Dev:
    """A `dagster dev` that runs in `root`, with its instance in `home`."""

    def __init__(self, root: Path, home: Path, environment: dict[str, str]) -> None:
        self.root, self.home, self.log = root, home, home / "dev.log"
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        program = str(Path(sys.executable).with_name("dagster"))
        with self.log.open("w", encoding="utf-8") as log, not_ignoring_interrupts():
            self.process = subprocess.Popen(
                [program, "dev", "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", str(port)],
                cwd=root,
                env=clean_environment(root, DAGSTER_HOME=str(home), **environment),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def ask(self, query: str, **variables: Any) -> Any:
        """Answer of the webserver."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/graphql", body, headers)
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(request, timeout=30) as answer:
            found = json.load(answer)
        assert "errors" not in found, found["errors"]
        return found["data"]

    def until(self, what: str, probe: Callable[[], Found | None], seconds: float) -> Found:
        """Ask again and again until something is found."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := probe():
                return found
            assert self.process.poll() is None, f"dagster dev ended by itself\n{self.said()}"
            time.sleep(POLL_S)
        raise AssertionError(f"{what}: not within {seconds:g} s\n{self.said()}")

    def said(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-LOG_LINES:])

    def loaded(self) -> None:
        """Wait for the code location."""

        def answer() -> Any:
            try:
                entries = self.ask(LOCATION)["workspaceOrError"]["locationEntries"]
            except OSError:  # it does not listen yet
                return None
            return entries if [e["loadStatus"] for e in entries] == ["LOADED"] else None

        (entry,) = self.until("the code location", answer, LOAD_S)
        assert entry["locationOrLoadError"] == {"__typename": "RepositoryLocation"}

    def launch(self, job: str, assets: list[list[str]] | None = None, **tags: str) -> str:
        """Run id of a new run, as the button in the UI launches it."""
        selection = [{"path": path} for path in assets] if assets else None
        params = {
            "selector": selector(jobName=job, assetSelection=selection),
            "mode": "default",
            "executionMetadata": {"tags": [{"key": k, "value": v} for k, v in tags.items()]},
        }
        launched = self.ask(LAUNCH, params=params)["launchRun"]
        assert launched["__typename"] == "LaunchRunSuccess", launched
        return str(launched["run"]["runId"])

    def succeeded(self, run: str) -> None:
        """Wait for a run to end well."""

        def status() -> str | None:
            found: str = self.ask(STATUS, run=run)["runOrError"]["status"]
            return found if found in FINISHED else None

        assert self.until(f"the end of run {run}", status, RUN_S) == "SUCCESS", self.said()

    def ticks(self, kind: str, name: str) -> list[dict[str, Any]]:
        """Ticks of a sensor or schedule that are over, newest first."""
        of = selector(**{f"{kind}Name": name})
        found = self.ask(TICKS[kind], of=of)[f"{kind}OrError"]["state"]["ticks"]
        return [tick for tick in found if tick["status"] != "STARTED"]

    def interrupt(self) -> None:
        """End it as Ctrl-C does; nothing of it is left."""
        assert len(self.running()) > 3  # itself, webserver, daemon, code server
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(END_S)
        deadline = time.monotonic() + END_S
        while (left := self.running()) and time.monotonic() < deadline:
            time.sleep(POLL_S)
        assert not left, f"still running: {left}"

    def running(self) -> list[str]:
        """Command lines of its processes."""
        return [" ".join(process.info["cmdline"] or ()) for process in self._session()]

    def kill(self) -> None:
        for process in self._session():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait(END_S)

    def _session(self) -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter(["status", "cmdline"]):
            with suppress(ProcessLookupError, PermissionError):
                ours = os.getsid(process.pid) == self.process.pid
                if ours and process.info["status"] != psutil.STATUS_ZOMBIE:
                    found.append(process)
        return found


def selector(**more: Any) -> dict[str, Any]:
    return {"repositoryName": "__repository__", "repositoryLocationName": "monitoring", **more}


@contextmanager
def serve(root: Path, home: Path, **environment: str) -> Iterator[Dev]:
    """A running `dagster dev`, which ends on an interrupt and leaves no process."""
    dev = Dev(root, home, environment)
    try:
        dev.loaded()
        yield dev
        dev.interrupt()
    finally:
        dev.kill()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def not_ignoring_interrupts() -> Iterator[None]:
    """Where this process ignores them, what it starts would too."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
