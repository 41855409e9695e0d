"""The layer explorer in a real page, by mouse and by keyboard, light and dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.lesson_page import LessonPage, OpenCells
from tests.unit.explorer_images import EVIL

pytestmark = pytest.mark.browser

MANY = 60_000
CELLS = (
    """\
from helpers.views.layers.layer_explorer import LayerExplorer, OtherImage
from tests.unit.explorer_images import big_image, small_image""",
    """\
image = small_image()
other = OtherImage("other:1", image.layers[:2])
LayerExplorer("demo", image.layers, lambda tell: image, other)""",
    f"""\
many = big_image({MANY})
view = LayerExplorer("many", many.layers, lambda tell: many)
view""",
    "import time\n\ntime.sleep(6)",
    """\
import threading

from helpers.errors import NoSuchImage
from helpers.model.layers.layer_progress import LayerProgress

go = threading.Event()
tries = []


def slowly(tell):
    tell(LayerProgress("sha256:aa", 0, 3_000_000, 6_000_000))
    go.wait()
    go.clear()
    tries.append(1)
    if len(tries) == 1:
        raise NoSuchImage("The image is gone.", "Build it again.")
    return image


LayerExplorer("slow", image.layers, slowly)""",
    "go.set()",
)


@pytest.fixture
def page(open_cells: OpenCells) -> LessonPage:
    """A page with a title and the cells above; the first one has run."""
    page = open_cells("layers", CELLS)
    page.run_cell(1)
    return page


def explorer(page: LessonPage, cell: int, files: int | None = None) -> Locator:
    """The explorer below that cell, after it ran; with its files, where a number is given."""
    page.run_cell(cell)
    view = page.cells.nth(cell).locator(".wb-x")
    expect(view).to_be_visible(timeout=20_000)
    if files is not None:
        expect(view).to_have_attribute("data-files", str(files), timeout=20_000)
    return view


def row(view: Locator, name: str) -> Locator:
    """The row of the tree that is called so."""
    return view.get_by_role("treeitem").filter(has=view.page.get_by_text(name, exact=True))


def tab(view: Locator, name: str) -> None:
    view.get_by_role("tab", name=name).click()


def test_layers_files_map_waste_and_shared(page: LessonPage) -> None:
    view = explorer(page, 2, files=7)
    view.scroll_into_view_if_needed()
    expect(view.locator(".wb-x-layer")).to_have_count(6)
    expect(view.locator(".wb-x-layer").nth(1)).to_contain_text("RUN make-big /big")
    expect(view.locator(".wb-x-layer").nth(1)).to_contain_text("10 MB hidden later")
    expect(view.locator(".wb-x-line")).to_contain_text("15 MB are hidden by later layers")
    expect(row(view, "table.csv")).to_contain_text("-rw-------")
    page.look("final")

    view.locator(".wb-x-layer").nth(4).click()
    row(view, "table.csv").click()
    expect(row(view, "table.csv")).to_contain_text("* only mode or owner")
    expect(view.locator(".wb-x-about li")).to_have_count(2)
    expect(view.locator(".wb-x-about li").first).to_contain_text("#1 + added, 5 MB")
    page.look("layer")

    tab(view, "Map")
    expect(view.locator(".wb-x-box")).to_have_count(2)
    page.look("map")
    view.locator(".wb-x-layer").last.click()
    expect(view.locator(".wb-x-box")).to_have_count(3)
    page.look("map-final")
    tab(view, "Waste")
    expect(view.locator(".wb-x-group")).to_have_count(2)
    first = view.locator(".wb-x-group").first
    expect(first).to_contain_text("brought by #2")
    expect(first).to_contain_text("hidden by #3")
    page.look("waste")
    tab(view, "Shared layers")
    expect(view.locator(".wb-x-sum").last).to_contain_text("share 2 layers, 16 MB in all")
    expect(view.locator(".wb-x-in-both")).to_have_count(2)
    page.look("shared")


def test_layers_and_pages_are_chosen_by_keyboard(page: LessonPage) -> None:
    view = explorer(page, 2, files=7)
    keys = page.page.keyboard
    layers = view.get_by_role("listbox")
    layers.focus()
    keys.press("Home")
    expect(view.locator(".wb-x-layer").first).to_have_attribute("aria-selected", "true")
    keys.press("ArrowDown")
    expect(view.get_by_role("treeitem")).to_have_count(1)
    keys.press("End")
    expect(view.locator(".wb-x-layer").last).to_have_attribute("aria-selected", "true")

    keys.press("Tab")
    expect(view.get_by_role("tab", name="Files")).to_be_focused()
    keys.press("ArrowRight")
    expect(view.get_by_role("tab", name="Map")).to_be_focused()
    expect(view.locator(".wb-x-map")).to_be_visible()


def test_the_tree_is_walked_by_keyboard(page: LessonPage) -> None:
    view = explorer(page, 2, files=7)
    keys = page.page.keyboard
    tree = view.get_by_role("tree")
    tree.focus()
    keys.press("Home")
    active = view.locator('[role="treeitem"][aria-selected="true"]')
    expect(active).to_have_text("▾app/drwxr-xr-x5 MB")
    count = view.get_by_role("treeitem").count()
    keys.press("ArrowLeft")
    expect(active).to_have_attribute("aria-expanded", "false")
    expect(view.get_by_role("treeitem")).to_have_count(count - 1)
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    expect(active).to_have_attribute("aria-level", "2")
    expect(tree).to_have_attribute("aria-activedescendant", active.get_attribute("id") or "?")
    keys.press("ArrowLeft")
    expect(active).to_have_attribute("aria-level", "1")
    expect(tree).to_be_focused()
    assert page.cells.count() == 1 + len(CELLS), "a key was a command of JupyterLab"


def test_keys_that_are_jupyterlabs_stay_so(page: LessonPage) -> None:
    view = explorer(page, 2, files=7)
    keys = page.page.keyboard
    view.get_by_role("listbox").focus()
    prompt = page.cells.nth(2).locator(".jp-InputPrompt").first
    before = prompt.inner_text()
    keys.press("Shift+Enter")
    expect(prompt).not_to_have_text(before)
    page.wait_until_idle()
    view.get_by_role("listbox").focus()
    keys.press("Escape")
    keys.press("b")
    expect(page.cells).to_have_count(2 + len(CELLS))
    page.delete_cell()


def test_names_are_text(page: LessonPage) -> None:
    view = explorer(page, 2, files=7)
    expect(row(view, EVIL)).to_be_visible()
    expect(row(view, "link")).to_be_visible()
    row(view, "link").click()
    expect(view.locator(".wb-x-about")).to_contain_text(EVIL)
    tab(view, "Map")
    expect(view.locator(".wb-x-box").first).to_be_visible()
    assert view.locator("img").count() == 0
    assert view.locator(".wb-x-what b").count() == 0
    assert page.page.title() != "hacked"


def test_filters(page: LessonPage) -> None:
    view = explorer(page, 2, files=7)
    count = view.locator(".wb-x-count")
    expect(count).to_have_text("4 files, 11 MB")
    name = view.get_by_role("searchbox")
    name.fill("TABLE")
    expect(count).to_have_text("1 file, 5 MB")
    expect(view.get_by_role("treeitem")).to_have_count(2)
    name.fill("no such file")
    expect(view.get_by_text("Nothing here fits the filter.")).to_be_visible()
    view.get_by_role("button", name="Show all").click()
    expect(count).to_have_text("4 files, 11 MB")
    view.get_by_label("at least").select_option("1000000")
    expect(count).to_have_text("3 files, 11 MB")
    view.get_by_role("button", name="only mode or owner").click()
    expect(count).to_have_text("1 file, 5 MB")


def test_60000_files_while_the_kernel_is_busy(page: LessonPage) -> None:
    view = explorer(page, 3, files=MANY)
    page.cells.nth(4).click(position={"x": 4, "y": 4})
    page.page.keyboard.press("Shift+Enter")
    view.scroll_into_view_if_needed()
    view.locator(".wb-x-layer").nth(1).click()
    count = view.locator(".wb-x-count")
    expect(count).to_contain_text("6,000 files", timeout=2_000)
    spent = [view.get_attribute("data-ms")]
    view.locator(".wb-x-layer").last.click()
    expect(count).to_contain_text("60,000 files", timeout=2_000)
    view.get_by_role("searchbox").fill("pack00077/module_13")
    expect(count).to_contain_text("1 file", timeout=2_000)
    spent.append(view.get_attribute("data-ms"))
    view.get_by_role("searchbox").fill("")
    expect(count).to_contain_text("60,000 files", timeout=2_000)
    spent.append(view.get_attribute("data-ms"))
    assert view.get_by_role("treeitem").count() < 60, "rows out of sight must not be made"
    print(f"ms in the page for a layer, a search, all again: {spent}")
    assert page.cells.nth(4).locator(".jp-InputPrompt").first.inner_text() == "[*]:"
    page.look("many")
    page.wait_until_idle()


def test_it_tells_how_far_it_is_and_what_went_wrong(page: LessonPage) -> None:
    explorer(page, 2)
    view = explorer(page, 5)
    expect(view).to_have_attribute("data-state", "reading")
    expect(view.locator(".wb-x-layer").first).to_contain_text("reading 50 %")
    expect(view.get_by_text("The files come as soon as they are read.")).to_be_visible()
    page.look("reading")
    page.run_cell(6)
    expect(view.locator(".wb-x-line")).to_contain_text("The image is gone. Build it again.")
    view.get_by_role("button", name="Try again").click()
    page.run_cell(6)
    expect(view).to_have_attribute("data-files", "7")
    expect(view.get_by_role("button", name="Try again")).to_be_hidden()
