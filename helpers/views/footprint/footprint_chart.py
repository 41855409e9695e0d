"""What it costs to run one app in several ways: a picture of every run, and the same as a table."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from helpers.model.footprint.footprint import FootprintComparison, Measure, in_words, times
from helpers.model.text.units import counted
from helpers.outside import visible_repr
from helpers.views.kit.inert import inert_html
from helpers.views.kit.marked import folded_html
from helpers.views.kit.page import Page, table

WIDTH = 820


@dataclass(frozen=True, repr=False)
class FootprintChart:
    """A comparison to look at; each figure with its spread, and how it was measured."""

    comparison: FootprintComparison

    @visible_repr
    def __repr__(self) -> str:
        return self.page().text

    def page(self) -> Page:
        """The title, the table and how each figure came about, as HTML and as text."""
        compared = self.comparison
        columns = ["measured here", *(subject.name for subject in compared.subjects), "ratio"]
        rows = [self._row(measure) for measure in compared.measures]
        figures = table(columns, rows)
        kernels = table(
            ("what it is", "", "kernel"),
            [(subject.name, subject.detail, subject.kernel) for subject in compared.subjects],
        )
        how = [f"{measure.title}: {measure.how}" for measure in compared.measures]
        listed = "".join(f"<li>{inert_html(line)}</li>" for line in how)
        lines = [self.title, *compared.notes]
        html = (
            "".join(f"<p>{inert_html(line)}</p>" for line in lines)
            + kernels.html
            + folded_html("All figures", figures.html)
            + folded_html("How each was measured", f"<ul>{listed}</ul>")
        )
        return Page(html, "\n".join([*lines, figures.text, kernels.text, *how]))

    @property
    def title(self) -> str:
        """What was compared, how often, and on what."""
        compared = self.comparison
        runs = f"{counted(compared.runs, 'run')} of each, in turns"
        return f"{compared.image}: {runs}, measured here on {compared.machine}"

    def picture(self) -> bytes:
        """Each run as a dot, the median as a bar, one row of panels for each measure; PNG."""
        from helpers.views.footprint.footprint_picture import png

        return png(self.comparison, self.title)

    def _row(self, measure: Measure) -> tuple[str, ...]:
        compared = self.comparison
        cells = [in_words(measure, compared.spread(s.name, measure)) for s in compared.subjects]
        return (compared.title_of(measure), *cells, times(compared.ratio(measure)))

    def _ipython_display_(self) -> None:
        from IPython.display import display

        page = self.page()
        image = {"image/png": base64.b64encode(self.picture()).decode()}
        shape: dict[str, Any] = {"image/png": {"alt": page.text, "width": WIDTH}}
        display(image, raw=True, metadata=shape)
        display(page._repr_mimebundle_(), raw=True)
