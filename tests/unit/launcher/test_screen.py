"""What commands show: lines in a pipe, one line of progress, the origin of an image."""

from __future__ import annotations

import io

import pytest

from helpers.engine.supply.ledger import LedgerEntry
from helpers.errors import SetupFailed
from helpers.launcher.image_overview import origin
from helpers.launcher.progress_line import ProgressLine
from helpers.launcher.screen import complain, image_bars
from helpers.model.supply.supply import Source, SupplyProgress


def test_in_a_pipe_each_stage_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with image_bars() as tell:
        for done in range(0, 100, 10):
            tell(SupplyProgress("busybox:1.37", Source.HUB, "downloading", done, 100))
        for package in ("dash", "libc6"):
            stage = "installing packages"
            tell(SupplyProgress("busybox:1.37", Source.STAND_IN, stage, detail=package))
        tell(SupplyProgress("busybox:1.37", Source.STAND_IN, "[importing]"))
    assert capsys.readouterr().out.splitlines() == [
        "  busybox:1.37 from Docker Hub: downloading",
        "  busybox:1.37 from a stand-in: installing packages",
        "  busybox:1.37 from a stand-in: [importing]",
    ]


def test_complaints_are_not_read_as_markup(capsys: pytest.CaptureFixture[str]) -> None:
    complain(SetupFailed("It said [bold]no[/].", "Try [again]."))
    assert capsys.readouterr().err == "✗ It said [bold]no[/].\n→ Try [again].\n"


@pytest.mark.parametrize(
    ("error", "word"), [(None, "done"), (ValueError, "failed"), (KeyboardInterrupt, "stopped")]
)
def test_progress_line_tells_beginning_and_end(
    error: type[BaseException] | None, word: str
) -> None:
    stream = io.StringIO()
    try:
        with ProgressLine("Working", stream) as line:
            line.update("never shown in a pipe")
            if error:
                raise error
    except (ValueError, KeyboardInterrupt):
        pass
    assert stream.getvalue() == f"Working …\nWorking: {word} after 0 s\n"


def test_on_a_terminal_the_line_is_drawn_over() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    with ProgressLine("Working", stream) as line:
        line.update("step two")
        while "step two" not in stream.getvalue():
            pass
    assert stream.getvalue().endswith("\r\033[KWorking: done after 0 s\n")
    assert stream.getvalue().count("\n") == 1


def test_origin_is_the_newest_entry_of_that_very_image() -> None:
    known = [
        LedgerEntry(1, "e", "busybox:1.37", "sha256:a", "HUB"),
        LedgerEntry(2, "e", "busybox:1.37", "sha256:b", "HUB"),
        LedgerEntry(3, "e", "busybox:1.37", "sha256:b", "STAND_IN"),
    ]
    assert origin("sha256:b", known) == "a stand-in"
    assert origin("sha256:a", known) == "Docker Hub"
    assert origin("sha256:c", known) == "was on this engine before"
