"""How the doctor's rows look in a terminal, and in a pipe."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from helpers.doctor.check import Check, is_ready
from helpers.launcher.screen import console
from helpers.model.features.feature import Features

_LOOK = {
    "ok": ("✓ ok", "green"),
    "warning": ("! warning", "yellow"),
    "problem": ("✗ problem", "bold red"),
}
_ANSWERS = {True: ("yes", "green"), False: ("no", "yellow"), None: ("unknown", "yellow")}


def show(checks: Sequence[Check], features: Features, terminal: Console | None = None) -> None:
    """Prints the rows, what the engine can do, and whether lessons can run."""
    terminal = terminal or console()
    terminal.print()
    rows = [(*_LOOK[check.status], check.title, _with_step(check)) for check in checks]
    _print(terminal, "This machine", rows)
    if features:
        answers = [
            (*_ANSWERS[item.available], item.title, item.observed) for item in features.values()
        ]
        _print(terminal, "What this engine can do", answers)
    terminal.print(_last_line(checks), markup=False)


def _with_step(check: Check) -> str:
    return f"{check.observed}\n→ {check.next_step}" if check.next_step else check.observed


def _print(terminal: Console, title: str, rows: Sequence[tuple[str, str, str, str]]) -> None:
    """A table; in a pipe one line a row, so that no width cuts it."""
    if not terminal.is_terminal:
        terminal.print(f"{title}:", markup=False)
        for word, _, name, sentence in rows:
            terminal.print(f"  {word:<10} {name}: {' '.join(sentence.split())}", markup=False)
        terminal.print()
        return
    table = Table(title=title, title_justify="left", show_header=False, show_lines=False)
    for word, style, name, sentence in rows:
        table.add_row(Text(word, style=style), Text(name), Text(sentence))
    terminal.print(table)
    terminal.print()


def _last_line(checks: Sequence[Check]) -> str:
    if is_ready(checks):
        return "Lessons can run here: ./workbook lab"
    problems = [check.title for check in checks if check.status == "problem"]
    return f"Lessons cannot run here yet. First: {', '.join(problems)}."
