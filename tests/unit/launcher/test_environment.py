"""The environment is made once, mended when something changed, made anew when it is half made."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest

from helpers.engine.base.project_files import ROOT
from helpers.errors import SetupFailed
from helpers.launcher.environment import Environment
from helpers.launcher.install_failure import install_failure

# Stands in for uv, which few machines have: unpacks the wheels that a file of requirements names.
UV = """#!{python}
import pathlib, subprocess, sys, zipfile
assert sys.argv[1:4] == ["pip", "install", "--python"] and sys.argv[5] == "-r", sys.argv
ask = [sys.argv[4], "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
target = subprocess.check_output(ask, text=True).strip()
for line in pathlib.Path(sys.argv[6]).read_text().split():
    wheel = pathlib.Path({wheels!r}, line.replace("==", "-") + "-py3-none-any.whl")
    if not wheel.exists():
        sys.exit(f"No solution found: {{line}}")
    zipfile.ZipFile(wheel).extractall(target)
"""


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """A workbook whose requirements are wheels made on the spot; with a uv, without an index."""
    wheels, programs = tmp_path / "wheels", tmp_path / "programs"
    wheels.mkdir()
    programs.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    monkeypatch.setenv("PATH", str(programs))
    (programs / "uv").write_text(UV.format(python=sys.executable, wheels=str(wheels)))
    (programs / "uv").chmod(0o755)
    make_wheel(wheels, "tinyone")
    make_wheel(wheels, "tinytwo")
    root = tmp_path / "a workbook"
    (root / "tests").mkdir(parents=True)
    (root / "requirements.txt").write_text("tinyone==1.0\n")
    (root / "tests/requirements.txt").write_text("tinytwo==1.0\n")
    return Environment(root)


@pytest.fixture
def without_uv(environment: Environment, tmp_path: Path) -> Environment:
    """The same workbook on a machine without uv."""
    (tmp_path / "programs/uv").unlink()
    return environment


def make_wheel(folder: Path, name: str) -> None:
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name}.py", "VALUE = 1\n")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(
            f"{info}/RECORD", f"{name}.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n"
        )


def can_import(environment: Environment, name: str) -> bool:
    """Without a trace: the import writes no bytecode."""
    done = subprocess.run([environment.python, "-Bc", f"import {name}"], capture_output=True)
    return done.returncode == 0


def test_made_mended_and_then_left_alone(environment: Environment) -> None:
    python = environment.ensure()
    assert can_import(environment, "tinyone")
    assert not can_import(environment, "tinytwo")
    marker = environment.folder / "marker"
    marker.touch()

    started = time.perf_counter()
    assert environment.ensure() == python
    assert time.perf_counter() - started < 0.1

    (environment.root / "requirements.txt").write_text("tinyone==1.0\ntinytwo==1.0\n")
    environment.ensure()
    assert can_import(environment, "tinytwo")
    assert marker.exists(), "a change of the requirements needs no new environment"


def test_helpers_can_be_imported_from_any_folder(
    environment: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    (environment.root / "helpers").mkdir()
    (environment.root / "helpers/__init__.py").write_text("HERE = 1\n")
    command = [environment.ensure(), "-c", "import helpers; print(helpers.HERE)"]
    assert subprocess.check_output(command, cwd=tmp_path, text=True) == "1\n"


def test_tests_add_to_it_only_when_asked(environment: Environment) -> None:
    environment.ensure_tests()
    assert can_import(environment, "tinyone")
    assert can_import(environment, "tinytwo")


def test_interrupted_one_is_made_anew(environment: Environment) -> None:
    environment.ensure()
    stamp = environment.folder / "docker-workbook.json"
    half = {
        key: value for key, value in json.loads(stamp.read_text()).items() if key != "requirements"
    }
    stamp.write_text(json.dumps(half))
    (environment.folder / "marker").touch()
    environment.ensure()
    assert not (environment.folder / "marker").exists()
    assert can_import(environment, "tinyone")


def test_moved_workbook_gets_a_new_one(environment: Environment) -> None:
    environment.ensure()
    moved = Environment(environment.root.rename(environment.root.with_name("moved")))
    (moved.folder / "marker").touch()
    moved.ensure()
    assert not (moved.folder / "marker").exists()
    assert can_import(moved, "tinyone")


def test_foreign_environment_is_not_touched(environment: Environment) -> None:
    environment.folder.mkdir()
    (environment.folder / "somebody's").touch()
    with pytest.raises(SetupFailed, match="did not make it"):
        environment.ensure()
    assert (environment.folder / "somebody's").exists()


def test_without_uv_pip_does_it(without_uv: Environment) -> None:
    without_uv.ensure_tests()
    assert can_import(without_uv, "tinyone")
    assert can_import(without_uv, "tinytwo")
    assert not list(without_uv.folder.rglob("tinyone*.pyc")), "imports compile what they use"


def test_failed_install_says_why_and_is_not_taken_for_done(environment: Environment) -> None:
    """uv fails, then pip is tried, whose words are shown; the next start tries again."""
    (environment.root / "requirements.txt").write_text("nosuchpackage==1.0\n")
    with pytest.raises(SetupFailed, match="No matching distribution") as caught:
        environment.ensure()
    assert caught.value.next_step
    (environment.root / "requirements.txt").write_text("tinyone==1.0\n")
    environment.ensure()
    assert can_import(environment, "tinyone")


def test_two_at_once_make_it_once(
    environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    threads = [threading.Thread(target=environment.ensure) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    said = capsys.readouterr().err
    assert said.count("Making the Python environment (.venv): done") == 1
    assert said.count("waiting for it") == 1
    assert can_import(environment, "tinyone")


@pytest.mark.parametrize(
    ("text", "next_step"),
    [
        ("/usr/bin/python3: No module named ensurepip", "python3-venv"),
        ("OSError: [Errno 28] No space left on device", "room"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]", "PIP_CERT"),
        ("Failed to establish a new connection: [Errno -3] Temporary failure in name resolution",
         "lab --from FILE"),
        ("ProxyError('Cannot connect to proxy.'", "HTTPS_PROXY"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "mirror"),
        ("something nobody has seen before", "pip.log"),
    ],
)  # fmt: skip
def test_failures_are_explained(text: str, next_step: str) -> None:
    error = install_failure("pip", f"first line\n{text}\n", Path("pip.log"))
    assert error.message.split("\n")[1:] == ["  first line", f"  {text}"]
    assert next_step in error.next_step


def test_needs_nothing_but_the_standard_library() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import helpers.launcher.environment;"
        "import helpers.commands.__main__, helpers.launcher.first_start; print('ok')"
    )
    command = [sys.executable, "-S", "-I", "-c", code]
    assert subprocess.check_output(command, text=True) == "ok\n"


@pytest.mark.parametrize("leads_to", ["nowhere", "elsewhere"])
def test_a_link_in_its_place_is_said_so(environment: Environment, leads_to: str) -> None:
    (environment.root / "elsewhere").mkdir()
    environment.folder.symlink_to(environment.root / leads_to)
    with pytest.raises(SetupFailed, match="is a symbolic link") as caught:
        environment.ensure()
    assert "Move it away" in caught.value.next_step
    assert environment.folder.is_symlink()


def test_a_file_in_its_place_is_said_so(environment: Environment) -> None:
    environment.folder.touch()
    with pytest.raises(SetupFailed, match="is a file"):
        environment.ensure()


def test_helpers_in_a_folder_of_any_name_are_there_in_any_locale(environment: Environment) -> None:
    """Python reads .pth files in the locale's encoding; under zh_CN.GBK it is not UTF-8."""
    here = environment.root.rename(environment.root.with_name("Übungen 工作簿"))
    moved = Environment(here)
    python = moved.ensure()
    (line,) = moved.folder.rglob("docker-workbook.pth")
    assert line.read_bytes().isascii()
    (here / "helpers").mkdir(exist_ok=True)
    (here / "helpers/__init__.py").touch()
    ask = [python, "-c", "import os, helpers; print(os.fsencode(helpers.__file__))"]
    for locale in ("C", "C.UTF-8"):
        variables = {"LC_ALL": locale, "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
        answer = subprocess.run(ask, env=variables, cwd="/", capture_output=True, text=True)
        assert answer.stdout == f"{os.fsencode(here / 'helpers/__init__.py')!r}\n", answer.stderr
