"""Platforms as containerd spells and matches them: the tables of its own tests are the reference.

Source: github.com/containerd/platforms, platforms_test.go and compare_test.go.
"""

from __future__ import annotations

import pytest

from helpers.errors import InvalidInput
from helpers.model.image.platform import Platform

# What is typed, how it is told, and what else means the same.
SPELLINGS = [
    ("linux/arm64", "linux/arm64", ["linux/aarch64", "linux/aarch64/v8", "linux/arm64/v8"]),
    ("linux/arm64/v8", "linux/arm64/v8", ["linux/aarch64", "linux/aarch64/v8", "linux/arm64"]),
    ("linux/arm", "linux/arm", ["linux/arm/v7", "linux/armhf", "linux/arm/7"]),
    ("linux/arm/v6", "linux/arm/v6", ["linux/armel"]),
    ("linux/arm/v7", "linux/arm/v7", ["linux/arm", "linux/armhf"]),
    ("arm", "linux/arm", []),
    ("armel", "linux/arm/v6", []),
    ("armhf", "linux/arm", []),
    ("Aarch64", "linux/arm64", []),
    ("x86_64", "linux/amd64", ["linux/x86-64", "linux/amd64/v1"]),
    ("Linux/x86_64", "linux/amd64", []),
    ("i386", "linux/386", []),
    ("s390x", "linux/s390x", []),
    ("linux/s390x", "linux/s390x", []),
    ("macOS/arm64", "darwin/arm64", []),
]
INVALID = ["", "/linux/arm", "linux/arm/", "linux /arm", "linux/&arm", "linux/arm/foo/bar", "*"]

OLD_ARM = ["linux/arm", "linux/arm/v5", "linux/arm/v6", "linux/arm/v7", "linux/arm/v8"]
NEVER_ARM = ["linux/amd64", "linux/arm/v4", "windows/amd64", "windows/arm"]
NEVER_ARM64 = [*NEVER_ARM, "linux/arm/v9", "linux/arm64/v9"]
NEVER_X86 = ["linux/arm/v7", "linux/arm64", "windows/amd64", "windows/arm"]
ARM64_V9 = [f"linux/arm64/v8.{minor}" for minor in range(1, 6)] + ["linux/arm64/v9.0"]
# A host, what it runs, and what it does not: containerd's Only.
RUNS = {
    "linux/amd64": (["linux/amd64", "linux/386"], ["linux/amd64/v2", *NEVER_X86]),
    "linux/amd64/v2": (
        ["linux/amd64", "linux/amd64/v1", "linux/amd64/v2", "linux/386"],
        ["linux/amd64/v3", "linux/amd64/v4", *NEVER_X86],
    ),
    "linux/386": (["linux/386"], ["linux/amd64", *NEVER_X86]),
    "windows/amd64": (["windows/amd64"], ["linux/amd64", "linux/arm64", "windows/arm"]),
    "linux/arm/v8": (OLD_ARM, ["linux/arm64", *NEVER_ARM]),
    "linux/arm/v7": (OLD_ARM[:-1], ["linux/arm/v8", "linux/arm64", *NEVER_ARM]),
    "linux/arm/v6": (OLD_ARM[1:3], ["linux/arm", "linux/arm/v7", "linux/arm64", *NEVER_ARM]),
    "linux/arm/v5": (OLD_ARM[1:2], ["linux/arm", "linux/arm/v6", "linux/arm64", *NEVER_ARM]),
    "linux/arm/v4": (["linux/arm/v4"], [*OLD_ARM, "linux/amd64", "linux/arm64"]),
    "linux/arm64/v9": (
        [*OLD_ARM, "linux/arm64", "linux/arm64/v8", "linux/arm64/v9", *ARM64_V9],
        ["linux/arm64/v8.6", *NEVER_ARM],
    ),
    "linux/arm64/v8.1": (
        [*OLD_ARM, "linux/arm64", "linux/arm64/v8", "linux/arm64/v8.1"], NEVER_ARM64,
    ),
    "linux/arm64": ([*OLD_ARM, "linux/arm64", "linux/arm64/v8"], NEVER_ARM64),
}  # fmt: skip
# What is the same platform and what is not: containerd's OnlyStrict.
STRICT = {
    "linux/amd64": (["linux/amd64", "linux/amd64/v1"], ["linux/386", *NEVER_X86]),
    "linux/arm/v8": (["linux/arm/v8"], [*OLD_ARM[:-1], "linux/arm64", *NEVER_ARM]),
    "linux/arm/v7": (
        ["linux/arm", "linux/arm/v7"], ["linux/arm/v5", "linux/arm/v8", "linux/arm64", *NEVER_ARM],
    ),
    "linux/arm/v6": (["linux/arm/v6"], ["linux/arm/v5", "linux/arm", "linux/arm64", *NEVER_ARM]),
    "linux/arm64/v9": (
        ["linux/arm64/v9", "linux/arm64/v9.0"],
        [*OLD_ARM, "linux/arm64/v8", "linux/arm64/v8.1", *NEVER_ARM],
    ),
    "linux/arm64/v8.1": (["linux/arm64/v8.1"], [*OLD_ARM, "linux/arm64/v8", *NEVER_ARM64]),
    "linux/arm64": (["linux/arm64", "linux/arm64/v8"], [*OLD_ARM, *NEVER_ARM64]),
}  # fmt: skip


@pytest.mark.parametrize(("typed", "written", "others"), SPELLINGS)
def test_a_platform_is_told_in_one_spelling_and_known_in_all(
    typed: str, written: str, others: list[str]
) -> None:
    platform = Platform.parse(typed)
    assert str(platform) == written
    assert str(Platform.parse(str(platform))) == str(platform)
    for other in others:
        raw = Platform(*other.split("/"))
        assert platform.matches(raw)
        assert raw.matches(platform)


@pytest.mark.parametrize("text", INVALID)
def test_what_is_no_platform_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="is not a platform"):
        Platform.parse(text)


@pytest.mark.parametrize("host", RUNS)
def test_an_image_fits_the_hosts_that_run_it(host: str) -> None:
    run, not_run = RUNS[host]
    for text in run:
        assert Platform.parse(text).fits(Platform.parse(host)), text
    for text in not_run:
        assert not Platform.parse(text).fits(Platform.parse(host)), text


@pytest.mark.parametrize("one", STRICT)
def test_platforms_match_where_they_mean_the_same(one: str) -> None:
    same, others = STRICT[one]
    for text in same:
        assert Platform.parse(text).matches(Platform.parse(one)), text
    for text in others:
        assert not Platform.parse(text).matches(Platform.parse(one)), text


def test_the_nearest_platform_is_the_best() -> None:
    ranks = [
        Platform.parse(text).rank_on(Platform.parse("linux/arm64"))
        for text in ("linux/arm64/v8", "linux/arm/v8", "linux/arm/v7", "linux/arm/v6", "linux/386")
    ]
    assert ranks == [0, 1, 2, 3, None]


def test_a_platform_is_read_from_descriptors_configs_and_the_engine() -> None:
    assert Platform.described({"os": "linux", "architecture": "arm", "variant": "v7"}) == Platform(
        "linux", "arm", "v7"
    )
    assert Platform.described({"Os": "linux", "Architecture": "amd64"}) == Platform(
        "linux", "amd64"
    )
    assert Platform.described({"Os": "linux", "Arch": "arm64"}) == Platform("linux", "arm64")
    assert Platform.described(None) is Platform.described({"variant": "v7"}) is None


def test_this_machines_platform_is_linux_on_its_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "AARCH64")
    assert Platform.here() == Platform("linux", "arm64")


def test_what_a_stranger_calls_a_platform_is_one_visible_line() -> None:
    platform = Platform("linux\n\x1b[2J", "arm\u202e", "v7\t")
    assert str(platform) == repr(platform) == r"linux\n\x1b[2J/arm\u202e/v7\t"
