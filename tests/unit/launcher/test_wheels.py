"""Wheels of a lock, fetched for a Python that need not be this one."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.errors import InvalidInput
from helpers.launcher.wheels import Wheels
from helpers.model.bundle.wheel_target import WheelTarget
from helpers.model.image.platform import Platform
from tests.unit.conftest import cut_off_home
from tests.unit.stick_kit import lock_of, make_wheel

__all__ = ["cut_off_home"]
pytestmark = pytest.mark.usefixtures("cut_off_home")
LATE = " ; python_full_version >= '3.13.5'"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for the package index."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def wheels_of(tmp_path: Path, lock: str) -> Wheels:
    (tmp_path / "requirements.txt").write_text(lock)
    target = WheelTarget.parse("3.13", Platform.parse("linux/arm64"))
    return Wheels(target, tmp_path / "requirements.txt")


def test_all_that_any_bug_fix_version_needs_is_fetched_once(tmp_path: Path, index: Path) -> None:
    """What is for other systems is not, and a second run asks nobody."""
    paths = [make_wheel(index, name) for name in ("tinyone", "tinytwo", "tinywin")]
    one, two, win = (lock_of([path]) for path in paths)
    two = two.replace(" \\", f"{LATE} \\", 1)
    win = win.replace(" \\", " ; sys_platform == 'win32' \\", 1)
    wheels = wheels_of(tmp_path, one + two + win)
    fetched = wheels.fetch(lambda text: None)
    assert [path.name for path in fetched] == [path.name for path in paths[:2]]
    for path in paths:
        path.unlink()
    assert wheels.fetch(lambda text: None) == fetched
    outdated = wheels_of(tmp_path, one).folder
    outdated.mkdir()
    assert wheels_of(tmp_path, one + two + win).fetch(lambda text: None) == fetched
    assert not outdated.exists()


def test_a_package_without_a_wheel_there_is_told(tmp_path: Path, index: Path) -> None:
    path = make_wheel(index, "tinyone")
    lock = lock_of([path])
    path.rename(path.with_name("tinyone-1.0-cp312-cp312-win_amd64.whl"))
    with pytest.raises(InvalidInput, match=r"tinyone==1\.0 has no wheel for Python 3\.13 on linux"):
        wheels_of(tmp_path, lock).fetch(lambda text: None)
