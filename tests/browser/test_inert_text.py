"""Names with dollars and backslashes in a real page: JupyterLab's typesetter finds no formula."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.browser.lesson_page import OpenCells

pytestmark = pytest.mark.browser

NAMES = ["$x^2$", "$$y$$", r"\(z\)", r"\begin{equation}w\end{equation}"]
CELLS = (
    f"""import json
from helpers.views.kit.page import alert, table
names = json.loads({json.dumps(json.dumps(NAMES))})
table(["name"], [[name] for name in names], "captions: $c$ $c$")""",
    'alert("info", *names, "from `$a$` to $b$")',
    """import pandas
from helpers.engine.base.text_frame import text_frame
text_frame(pandas.DataFrame({"label": names}))""",
    """from IPython.display import HTML
HTML("<p>a formula: $v^2$</p>")""",
)


def test_names_are_text_and_not_formulas(open_cells: OpenCells) -> None:
    page = open_cells("inert", CELLS)
    for cell in range(1, len(CELLS) + 1):  # the first one is the title
        page.run_cell(cell)
    formulas = page.notebook.locator("mjx-container")
    # The last cell shows that the typesetter is at work.
    expect(formulas).to_have_count(1, timeout=30_000)
    outputs = page.notebook.locator(".jp-RenderedHTML")
    for cell in range(3):
        for name in NAMES:
            expect(outputs.nth(cell)).to_contain_text(name)
