"""For which Pythons wheels are packed, and what a lock says of them."""

from __future__ import annotations

import pytest
from packaging.markers import Marker, default_environment
from packaging.tags import cpython_tags, platform_tags
from packaging.utils import parse_wheel_filename

from helpers.engine.base.project_files import ROOT
from helpers.errors import InvalidInput
from helpers.model.bundle.locked_requirements import locked_requirements
from helpers.model.bundle.wheel_target import WheelTarget
from helpers.model.image.platform import Platform

LINUX = Platform.parse("linux/amd64")
LOCK = """\
# Every package.
anyio==4.16.0 \\
    --hash=sha256:{a} \\
    --hash=sha256:{b}
    # via httpx
soupsieve==2.10 ; python_full_version < '3.11.5' \\
    --hash=sha256:{a}
pywin32==312 ; sys_platform == 'win32' \\
    --hash=sha256:{b}
bare==1.0
""".format(a="a" * 64, b="b" * 64)


def test_a_lock_is_read() -> None:
    anyio, soupsieve, pywin32, bare = locked_requirements(LOCK)
    assert (anyio.name, anyio.version, anyio.marker) == ("anyio", "4.16.0", "")
    assert anyio.hashes == ("a" * 64, "b" * 64)
    assert anyio.line() == f"anyio==4.16.0 --hash=sha256:{'a' * 64} --hash=sha256:{'b' * 64}"
    assert soupsieve.marker == "python_full_version < '3.11.5'"
    assert (pywin32.marker, bare.hashes) == ("sys_platform == 'win32'", ())


def test_the_workbooks_own_lock_is_read_whole() -> None:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    requirements = locked_requirements(text)
    assert sum(len(one.hashes) for one in requirements) == text.count("--hash=")
    assert len(requirements) == text.count("==") - text.count("== '")
    for one in requirements:
        if one.marker:
            Marker(one.marker).evaluate(WheelTarget("3.12", LINUX).markers("3.12.0"))


def test_markers_are_those_of_that_python() -> None:
    target = WheelTarget("3.11", LINUX)
    assert target.versions() == ("3.11.0", "3.11.99")
    assert target.markers("3.11.0").keys() <= default_environment().keys()
    older = Marker("python_full_version < '3.11.5'")
    assert [older.evaluate(target.markers(one)) for one in target.versions()] == [True, False]
    assert not Marker("sys_platform == 'win32'").evaluate(target.markers("3.11.0"))


@pytest.mark.parametrize(
    "name",
    [
        "debugpy-1.8.22-cp311-cp311-manylinux_2_34_x86_64.whl",
        "numpy-2.4.6-cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        "zstandard-0.25.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
    ],
)
def test_the_tags_are_those_of_a_machine_with_its_c_library(name: str) -> None:
    tags = WheelTarget("3.11", LINUX).tags()
    known = set(cpython_tags((3, 11), ["cp311"], tags))
    assert parse_wheel_filename(name)[3] & known


def test_this_machine_runs_what_is_packed_for_its_like() -> None:
    here = WheelTarget.here()
    if here.platform.os == "linux":
        assert set(here.tags()) & set(platform_tags())


@pytest.mark.parametrize("text", ["3", "2.7", "3.9", "3.11.2", "three", "3.13 ", "../3.13"])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="no version of Python"):
        WheelTarget.parse(text, LINUX)


def test_other_systems_are_packed_on_their_own_machines() -> None:
    assert WheelTarget.parse("3.13", Platform.parse("linux/arm64")).tags()[0].endswith("aarch64")
    for platform in ("windows/amd64", "darwin/arm64", "linux/s390x"):
        with pytest.raises(InvalidInput, match="cannot be packed from here"):
            WheelTarget.parse("3.13", Platform.parse(platform))
