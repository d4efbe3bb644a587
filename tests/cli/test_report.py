"""`mlmon report` writes a page that a browser shows, or says in a sentence why it does not."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import PROGRAMS
from tests.needed import lacking
from tests.report.html import parsed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Project


@pytest.fixture
def ran(project: Project) -> Project:
    project("run", "churn")
    return project


def test_says_what_was_written(ran: Project) -> None:
    out = ran.root / "churn.html"
    done = ran("report", "churn", "--out", str(out))
    assert (done.exit_code, done.stderr) == (0, "")
    assert "churn, 4 windows" in done.stdout
    assert "Needs attention. 1 open incident. Failing: performance" in done.stdout
    [told] = ran.json("report", "churn", "--from", "2026-03-05", "--out", str(out))
    assert told == {
        "model": "churn",
        "file": str(out),
        "from": "2026-03-05T00:00:00+00:00",
        "to": "2026-03-07T00:00:00+00:00",
        "windows": 2,
        "verdict": "fail",
        "open_incidents": 1,
        "bytes": out.stat().st_size,
    }
    rows = parsed(out.read_text(encoding="utf-8")).table("roc_auc by window")
    assert [row["verdict"] for row in rows] == ["✗ fail", "✗ fail"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["churm", "--out", "x.html"], "Unknown model 'churm'. Did you mean 'churn'?"),
        (["churn"], "Missing option '--out'"),
        (["churn", "--out", "/proc/none/x.html"], "'/proc/none/x.html' cannot be written: "),
        (["churn", "--from", "2030-01-01", "--out", "x.html"], "No window of 'churn'"),
        (["churn", "--from", "yesterday", "--out", "x.html"], "'yesterday' is no day"),
    ],
)
def test_mistakes_are_one_sentence(ran: Project, arguments: list[str], says: str) -> None:
    done = ran("report", *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_model_that_never_ran(project: Project) -> None:
    done = project("report", "churn", "--out", str(project.root / "x.html"))
    assert done.exit_code == 2
    assert "`mlmon run churn` makes some" in done.stderr
    assert not (project.root / "x.html").exists()


@pytest.mark.slow
def test_a_browser_shows_it_and_loads_nothing(ran: Project, tmp_path: Path) -> None:
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        lacking(f"no browser: none of {', '.join(PROGRAMS)} is installed")
    out = tmp_path / "churn.html"
    assert ran("report", "churn", "--out", str(out)).exit_code == 0
    faults, asked = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        for width, scheme in ((1280, "light"), (1280, "dark"), (360, "light")):
            context = browser.new_context(
                viewport={"width": width, "height": 800}, color_scheme=scheme
            )
            page = context.new_page()
            page.on("console", lambda message: faults.append(message.text))
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("request", lambda request: asked.append(request.url))
            page.goto(out.as_uri())
            # nothing but tables is wider than the screen, and those can be moved
            assert page.evaluate("document.documentElement.scrollWidth") == width
            banner = page.locator(".banner strong")
            assert banner.inner_text() == "✗ Needs attention"
            colours = page.evaluate(
                "[getComputedStyle(document.body).color, getComputedStyle(document.body)"
                ".backgroundColor].map(c => +c.match(/\\d+/)[0])"
            )
            assert (colours[0] < 60, colours[1] > 200) == (scheme == "light",) * 2
            assert page.locator("svg.trend polyline.final").count() == 1
            assert page.screenshot(full_page=True)[:4] == b"\x89PNG"
            if width == 1280:
                assert page.pdf(format="A4")[:5] == b"%PDF-"
            context.close()
        browser.close()
    assert faults == []
    assert {*asked} == {out.as_uri()}
