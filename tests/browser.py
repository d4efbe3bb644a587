"""A real Chromium, for tests of what a person sees."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from playwright.sync_api import expect, sync_playwright

from tests.needed import lacking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import ConsoleMessage, Page, Response

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WAIT_MS = 60_000
DRAWN = """() => {
  const plot = document.querySelector("canvas");
  if (!plot) return false;
  const {data} = plot.getContext("2d").getImageData(0, 0, plot.width, plot.height);
  return data.some(value => value > 0);
}"""
TOAST = "[data-sonner-toast]"


class Screen:
    """A page of the web server at `url`; what goes wrong in it is collected in `faults`."""

    def __init__(self, page: Page, url: str, pictures: Path) -> None:
        self.page, self.url, self.pictures = page, url, pictures
        self.faults: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("response", self._answered)

    def goto(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}", timeout=WAIT_MS)

    def shows(self, *texts: str) -> None:
        """Wait until each text can be seen."""
        for text in texts:
            found = self.page.get_by_text(text, exact=True).filter(visible=True)
            expect(found.first).to_be_visible(timeout=WAIT_MS)

    def tells(self, text: str) -> None:
        """Wait until `text` can be seen as a part of something."""
        found = self.page.get_by_text(text).filter(visible=True)
        expect(found.first).to_be_visible(timeout=WAIT_MS)

    def draws(self) -> None:
        """Wait until the first plot is drawn."""
        self.page.wait_for_function(DRAWN, timeout=WAIT_MS)

    def press(self, button: str) -> None:
        self.page.get_by_text(button, exact=True).last.click(timeout=WAIT_MS)

    def picture(self, name: str) -> None:
        """Take a picture; nothing has gone wrong until now."""
        self.page.screenshot(path=self.pictures / f"{name}.png", animations="disabled")
        expect(self.page.locator(TOAST)).to_have_count(0)
        assert self.faults == []

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(message.text)

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status} {response.url}")


@contextmanager
def opened(url: str, pictures: Path) -> Iterator[Screen]:
    """A browser that shows `url`, or skip."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        lacking(f"no browser: none of {', '.join(PROGRAMS)} is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        yield Screen(page, url, pictures)
        browser.close()
