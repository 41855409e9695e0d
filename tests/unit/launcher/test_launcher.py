"""The launcher: help at once, an old Python told in words, errors as sentences."""

from __future__ import annotations

import argparse
import ast
import subprocess
import sys

import pytest

from helpers.commands import __main__ as commands
from helpers.engine.base.project_files import ROOT
from helpers.errors import Interrupted, SetupFailed


def run_launcher(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "workbook", *words], capture_output=True, text=True
    )


def test_no_words_give_short_help_and_mistypes_a_sentence() -> None:
    helped = run_launcher()
    assert helped.returncode == 0
    assert all(name in helped.stdout for name in commands.COMMANDS)
    assert len(helped.stdout.splitlines()) < 25
    mistyped = run_launcher("lba")
    assert mistyped.returncode == 2
    assert "lba" in mistyped.stderr


def test_old_python_can_read_it() -> None:
    ast.parse((ROOT / "workbook").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_old_python_is_told_which_one_is_needed() -> None:
    code = (
        "import sys, shutil, runpy; shutil.which = lambda name: None;"
        "sys.version_info = (3, 8, 10); sys.version = '3.8.10 (default)';"
        f"runpy.run_path({str(ROOT / 'workbook')!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert "needs Python 3.11 or newer, and this is 3.8.10" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", list(commands.COMMANDS))
def test_every_command_has_its_module_and_help(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        commands.main([name, "--help"])
    assert ended.value.code == 0
    assert f"workbook {name}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["lab", "--no-browser", "--port", "9000"], {"no_browser": True, "port": 9000}),
        (["lab", "--no-install", "--allow-stand-ins"],
         {"no_install": True, "allow_stand_ins": True, "port": None}),
        (["run", "all"], {"lessons": ["all"], "timeout": 600}),
        (["render", "--check"], {"lessons": [], "check": True}),
        (["images", "fetch"], {"action": "fetch"}),
        (["images"], {"action": "show"}),
        (["test", "--", "-k", "foo"], {"pytest": ["-k", "foo"]}),
    ],
)  # fmt: skip
def test_options(
    words: list[str], expected: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[argparse.Namespace] = []
    module = __import__(f"helpers.commands.{words[0]}", fromlist=["main"])
    monkeypatch.setattr(module, "main", lambda arguments: seen.append(arguments) or 7)
    assert commands.main(words) == 7
    assert expected.items() <= vars(seen[0]).items()


def test_errors_are_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> int:
        raise SetupFailed("The disk is full.", "Make room.")

    assert commands.guarded(fail) == 1
    assert capsys.readouterr().err == "workbook: The disk is full.\n→ Make room.\n"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), Interrupted("Interrupted.", "Again.")])
def test_interrupts_are_no_failure_report(
    error: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop() -> int:
        raise error

    assert commands.guarded(stop) == 130
    assert "stopped" in capsys.readouterr().err
