"""What commands show in a terminal: sentences, tables, bars for images."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from helpers.errors import WorkbookError
from helpers.model.text.units import format_bytes
from helpers.outside import visible_line, visible_text

if TYPE_CHECKING:
    from helpers.model.supply.supply import SupplyProgress

_WIDE = 160  # columns of a table that goes into a pipe
OnProgress = Callable[["SupplyProgress"], None]


class Screen(Console):
    """A terminal on which text from outside steers nothing."""

    def render_str(self, text: str, **options: Any) -> Text:
        """The text as rich shows it, in a table and a line alike, all of it visible."""
        return super().render_str(visible_text(text), **options)


def console() -> Console:
    """The terminal (standard output); in a pipe plain text, never cut."""
    terminal = Screen(highlight=False)
    return (
        terminal if terminal.is_terminal else Screen(highlight=False, width=_WIDE, soft_wrap=True)
    )


def complain(error: WorkbookError) -> None:
    """The error's sentence and its next step, on standard error."""
    terminal = Screen(stderr=True, highlight=False, soft_wrap=True)
    terminal.print(f"[bold red]✗[/] {escape(error.message)}")
    if error.next_step:
        terminal.print(f"→ {escape(error.next_step)}")


@contextmanager
def image_bars() -> Iterator[OnProgress]:
    """A bar for each image while the block runs; in a pipe one line for each new stage."""
    terminal = console()
    if not terminal.is_terminal:
        yield _Lines(terminal)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[amount]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=terminal) as progress:
        yield _Bars(progress)


class _Bars:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, step: SupplyProgress) -> None:
        if step.name not in self._tasks:
            name = escape(visible_line(step.name))
            self._tasks[step.name] = self._progress.add_task(name, total=None, amount="")
        detail = f", {visible_line(step.detail)}" if step.detail else ""
        self._progress.update(
            self._tasks[step.name],
            description=escape(_words(step) + detail),
            total=None if step.fraction is None else 1.0,
            completed=step.fraction or 0.0,
            amount=_amount(step),
        )


class _Lines:
    def __init__(self, terminal: Console) -> None:
        self._terminal = terminal
        self._printed: set[str] = set()

    def __call__(self, step: SupplyProgress) -> None:
        words = _words(step)
        if words not in self._printed:
            self._printed.add(words)
            self._terminal.print(f"  {words}", markup=False)


def _words(step: SupplyProgress) -> str:
    return visible_line(f"{step.name} from {step.source.value}: {step.stage}")


def _amount(step: SupplyProgress) -> str:
    if step.done_bytes is None:
        return ""
    done = format_bytes(step.done_bytes)
    return f"{done} of {format_bytes(step.total_bytes)}" if step.total_bytes else done
