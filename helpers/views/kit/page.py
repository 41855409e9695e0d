"""Something to look at, as HTML and as plain text: what every static view gives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from helpers.outside import visible_line, visible_repr, visible_text
from helpers.views.kit.inert import inert_html
from helpers.views.kit.marked import marked_html

_EDGES = {"info": "#0288d1", "success": "#388e3c", "warning": "#f57c00", "danger": "#d32f2f"}


@dataclass(frozen=True, repr=False)
class Page:
    """The same facts twice: `html` for a notebook, `text`, all of it visible, for the rest."""

    html: str
    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", visible_text(self.text))

    @visible_repr
    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": repr(self)}


class Paged(ABC):
    """What is shown as its page, in a notebook and as text."""

    @abstractmethod
    def page(self) -> Page:
        """What there is to see."""

    @visible_repr
    def __repr__(self) -> str:
        return self.page().text

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return self.page()._repr_mimebundle_()


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> Page:
    """A table of texts, each shown as text; the caption says what it is a table of."""
    body = [tuple(visible_line(text) for text in row) for row in rows]
    head = "".join(f'<th style="text-align:left">{inert_html(name)}</th>' for name in headers)
    lines = "".join(f"<tr>{''.join(_cell(text) for text in row)}</tr>" for row in body)
    title = f"<caption>{inert_html(caption)}</caption>" if caption else ""
    html = f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"
    return Page(html, _text_table([tuple(headers), *body], caption))


def box(kind: str, html: str) -> str:
    """The HTML in a box; `kind` is info, success, warning or danger.

    Only its edge has a colour, one that shows on light and on dark, and the text keeps the
    theme's own. A sanitizer that drops styles leaves a plain paragraph.
    """
    return (
        f'<div style="border: 1px solid #8888; border-left: 5px solid {_EDGES[kind]}; '
        f'border-radius: 4px; padding: 4px 14px; margin: 4px 0; max-width: 46rem">{html}</div>'
    )


def alert(kind: str, *lines: str) -> Page:
    """A box with one paragraph a line, in which backticks stand for code."""
    paragraphs = "".join(f"<p>{marked_html(line)}</p>" for line in lines)
    return Page(box(kind, paragraphs), "\n".join(lines))


def _cell(text: str) -> str:
    return f'<td style="text-align:left">{inert_html(text)}</td>'


def _text_table(rows: list[tuple[str, ...]], caption: str) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([caption, *lines] if caption else lines)
