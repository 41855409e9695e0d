"""The pure parts of the widgets' scripts, loaded as they are, against what Python says."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from helpers.model.text.units import format_bytes, format_seconds
from helpers.views.kit import script

pytestmark = pytest.mark.browser

VIEWS = Path(script.__file__).parents[1]
ADDRESS = "http://workbook.invalid/"
TYPES = ((0, stat.S_IFREG), (1, stat.S_IFDIR), (2, stat.S_IFLNK))


@pytest.fixture
def parts(browser: Browser) -> Iterator[Page]:
    """A page that finds the sources of the views at its address."""

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(ADDRESS)
        if name:
            route.fulfill(path=VIEWS / name, content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html>", content_type="text/html")

    context = browser.new_context()
    context.route(f"{ADDRESS}**", answer)
    page = context.new_page()
    page.goto(ADDRESS)
    yield page
    context.close()


def called(page: Page, module: str, function: str, calls: list[list[Any]]) -> list[Any]:
    """What a function of a module answers to each list of arguments."""
    results: list[Any] = page.evaluate(
        "async ([module, name, calls]) => {"
        " const all = await import(module);"
        " return calls.map((call) => all[name](...call)); }",
        [f"./{module}", function, calls],
    )
    return results


def test_sizes_read_as_in_python(parts: Page) -> None:
    sizes = [
        around
        for power in range(16)
        for size in (10**power, 9995 * 10**power // 10, 123456 * 10**power // 100000)
        for around in (size - 1, size, size + 1)
        if around >= 0
    ]
    assert called(parts, "kit/words.js", "sizeText", [[size] for size in sizes]) == [
        format_bytes(size) for size in sizes
    ]


def test_durations_read_as_in_python(parts: Page) -> None:
    seconds = [0.1, 0.12, 0.999, 1, 9.99, 9.996, 10, 10.04, 59.94, 60, 60.4, 119.6, 3599.4, 4000]
    assert called(parts, "kit/words.js", "secondsText", [[each] for each in seconds]) == [
        format_seconds(each) for each in seconds
    ]


def test_permissions_read_as_ls_writes_them(parts: Page) -> None:
    modes = [(bits, number, kind) for bits in range(0o10000) for number, kind in TYPES]
    texts = called(parts, "kit/words.js", "modeText", [[bits, number] for bits, number, _ in modes])
    assert texts == [stat.filemode(bits | kind) for bits, _, kind in modes]


@pytest.mark.parametrize(
    "values", [[1], [6, 6, 4, 3, 2, 2, 1], [1e9, 3, 2, 1], list(range(60, 0, -1))]
)
def test_a_map_fills_its_area_and_gives_each_its_share(parts: Page, values: list[float]) -> None:
    width, height = 600.0, 400.0
    boxes = called(parts, "layers/squarify.js", "squarify", [[values, 0, 0, width, height]])[0]
    total = sum(values)
    for value, (x, y, wide, high) in zip(values, boxes, strict=True):
        assert wide * high == pytest.approx(width * height * value / total)
        assert -1e-6 <= x <= x + wide <= width + 1e-6
        assert -1e-6 <= y <= y + high <= height + 1e-6
