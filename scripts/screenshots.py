"""Take the pictures of the README: a fresh demo in a folder of its own, a real Chromium, six pages.

python -m scripts.screenshots [NAME...]     all of them, or only those named
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.conftest import FLAGS, Served, serving, sign_in, sympolis

CHECKOUT = Path(__file__).resolve().parents[1]
PICTURES = CHECKOUT / "docs" / "screenshots"
LIMIT_BYTES = 250_000
DESKTOP = (1280, 1000)
PHONE = (390, 844)
WHO = {"left": "Montpellier Méditerranée Métropole", "right": "AMB", "network": "MedCities"}


def open_page(page: Page, path: str) -> None:
    answer = page.goto(path, wait_until="networkidle")
    if answer is None or not answer.ok:
        raise SystemExit(f"{path} answered {answer.status if answer else 'nothing'}: there is no picture to take.")


def at(path: str) -> Callable[[Page], None]:
    return lambda page: open_page(page, path)


def at_home(page: Page) -> None:
    """The first page, once its chart is drawn."""
    open_page(page, "/en/")
    page.wait_for_selector(".chart .port", timeout=60_000)


def at_medcities(page: Page) -> None:
    """The network, found as a reader finds it."""
    open_page(page, "/en/search/?q=MedCities&kind=organisation")
    page.locator("main a[href*='/organisation/medcities-']").first.click()
    page.wait_for_load_state("networkidle")


def at_the_brief(language: str) -> Callable[[Page], None]:
    """The brief of Montpellier and Barcelona's metropolitan area, asked for as an officer asks for it."""

    def ask(page: Page) -> None:
        open_page(page, f"/{language}/office/briefs/new/?{urlencode({**WHO, 'language': language})}")
        page.locator("main form[method=post] [type=submit]").last.click()
        page.wait_for_url("**/office/briefs/bri_*/**", timeout=60_000)
        page.wait_for_load_state("networkidle")

    return ask


class Shot(NamedTuple):
    """One picture: how to come to the page, on what screen, whether as the demo's officer."""

    come: Callable[[Page], None]
    screen: tuple[int, int] = DESKTOP
    signed_in: bool = False


SHOTS = {
    "home": Shot(at_home),
    "brief-ca": Shot(at_the_brief("ca"), signed_in=True),
    "brief-ar": Shot(at_the_brief("ar"), PHONE, signed_in=True),
    "dashboard": Shot(at("/en/office/"), signed_in=True),
    "organisation": Shot(at_medcities),
    "search": Shot(at("/en/search/?q=aigua")),
}


@contextmanager
def running_demo() -> Iterator[Served]:
    """A demo office of its own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="sympolis-pictures-") as folder:
        home = Path(folder) / "home"
        if sympolis(home, "demo", "--no-serve").wait(timeout=900):
            raise SystemExit("The demo could not be made, see above.")
        with serving(home) as demo:
            yield demo


def signed_in(browser: Browser, demo: Served) -> Any:
    """The cookies of the demo's officer, who signs in on the page."""
    page = browser.new_page(base_url=demo.address)
    open_page(page, "/en/account/login/")
    sign_in(page, *demo.sign_in("officer"))
    state = page.context.storage_state()
    page.context.close()
    return state


def screen_for(browser: Browser, address: str, shot: Shot, state: Any) -> BrowserContext:
    width, height = shot.screen
    return browser.new_context(
        base_url=address,
        viewport={"width": width, "height": height},
        color_scheme="light",
        reduced_motion="reduce",
        storage_state=state if shot.signed_in else None,
    )


def small(picture: bytes) -> bytes:
    """The same picture with as many colours as the limit allows, 256 at most."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in (256, 128, 64, 32):
        out = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if len(out.getvalue()) <= LIMIT_BYTES:
            return out.getvalue()
    raise SystemExit(f"A picture is larger than {LIMIT_BYTES} bytes even with 32 colours.")


def take(names: list[str]) -> None:
    if not (CHECKOUT / "build" / "static").is_dir():
        raise SystemExit("What the browser needs is not there yet: make setup")
    PICTURES.mkdir(parents=True, exist_ok=True)
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    chromium = os.environ.get("SYMPOLIS_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    with running_demo() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        state = signed_in(browser, demo)
        for name in names:
            context = screen_for(browser, demo.address, SHOTS[name], state)
            page = context.new_page()
            SHOTS[name].come(page)
            picture = small(page.screenshot())
            (PICTURES / f"{name}.png").write_bytes(picture)
            print(f"{name}.png {len(picture) // 1000} kB")
            context.close()
        browser.close()


if __name__ == "__main__":
    unknown = [name for name in sys.argv[1:] if name not in SHOTS]
    if unknown:
        raise SystemExit(f"There is no picture {unknown[0]!r}; there are {', '.join(SHOTS)}.")
    take(sys.argv[1:] or list(SHOTS))
