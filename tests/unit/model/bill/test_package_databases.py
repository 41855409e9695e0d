"""Package databases as the programs write them, and as somebody who means harm might."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.model.bill.apk import apk_components
from helpers.model.bill.bill import Bill
from helpers.model.bill.component import Component
from helpers.model.bill.databases import components_in, database_of
from helpers.model.bill.dpkg import dpkg_components
from helpers.model.bill.npm_package import npm_component
from helpers.model.bill.os_release import OsRelease
from helpers.model.bill.python_metadata import python_component
from helpers.outside import visible_line

STATUS = """\
Package: libssl3t64
Status: install ok installed
Architecture: amd64
Source: openssl (3.5.1-1)
Version: 3.5.1-1+b2
Description: toolkit
 Package: not-a-package
 .
 more

Package: gone
Status: deinstall ok config-files
Architecture: all
Version: 1.0

Package: half
Status: install ok half-configured
Architecture: all
Version: 1:2.0~rc1

Package: never
Status: unknown ok not-installed

Version: 3
Status: install ok installed
"""
APK = """\
C:Q1abc=
P:musl
V:1.2.5-r10
A:x86_64
L:MIT
o:musl
F:lib
R:ld-musl-x86_64.so.1
V:not-a-version

P:busybox
V:1.37.0-r12
A:x86_64
L:GPL-2.0-only
o:busybox
F:bin

V:1
"""
METADATA = """\
Metadata-Version: 2.4
Name: Flask
Version: 3.1.2
License-Expression: BSD-3-Clause
Summary: A simple framework

Name: not-this
Version: 9
"""


def test_dpkg_counts_what_has_its_files() -> None:
    assert list(dpkg_components(STATUS, "s")) == [
        Component("deb", "libssl3t64", "3.5.1-1+b2", "amd64", "", "openssl", "3.5.1-1", "s"),
        Component("deb", "half", "1:2.0~rc1", "all", "", "half", "1:2.0~rc1", "s"),
    ]


def test_dpkg_itself_lists_the_same(tmp_path: Path) -> None:
    """dpkg-query with that file for its database, where there is one."""
    program = shutil.which("dpkg-query")
    if program is None:
        pytest.skip("there is no dpkg-query here")
    (tmp_path / "status").write_text(STATUS.rpartition("\n\n")[0] + "\n")
    (tmp_path / "info").mkdir()
    shown = "${Package} ${Version} ${Architecture} ${source:Package} ${db:Status-Status}\n"
    run = subprocess.run(
        [program, f"--admindir={tmp_path}", "-W", "-f", shown],
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [line.split() for line in run.stdout.splitlines()]
    theirs = {tuple(row[:4]) for row in rows if row[-1] not in ("config-files", "not-installed")}
    ours = {(c.name, c.version, c.architecture, c.source) for c in dpkg_components(STATUS, "s")}
    assert theirs == ours


def test_a_distroless_image_has_a_file_for_each_package() -> None:
    files = {
        "var/lib/dpkg/status.d/tzdata": b"Package: tzdata\nVersion: 2026a-1\n",
        "var/lib/dpkg/status.d/tzdata.md5sums": b"Package: no\nVersion: 1\n",
    }
    assert database_of("var/lib/dpkg/status.d/tzdata.md5sums") is None
    wanted = {path: body for path, body in files.items() if database_of(path)}
    assert [each.name for each in components_in(wanted)] == ["tzdata"]


def test_apk() -> None:
    assert list(apk_components(APK, "a")) == [
        Component("apk", "musl", "1.2.5-r10", "x86_64", "MIT", "musl", "", "a"),
        Component("apk", "busybox", "1.37.0-r12", "x86_64", "GPL-2.0-only", "busybox", "", "a"),
    ]


def test_python_metadata_is_its_head_alone() -> None:
    found = python_component(METADATA, "m")
    assert found == Component("pypi", "Flask", "3.1.2", license="BSD-3-Clause", location="m")
    assert python_component("Name: half\n\nVersion: 1", "m") is None


def test_npm() -> None:
    package = {"name": "@scope/a", "version": "1.0.0", "license": {"type": "MIT"}}
    assert npm_component(json.dumps(package), "p") == Component(
        "npm", "@scope/a", "1.0.0", license="MIT", location="p"
    )
    for text in ("", "[]", "[" * 100_000, '{"name": 1}', '{"name": "a", "version": {}}'):
        assert npm_component(text, "p") is None


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("var/lib/dpkg/status", "dpkg"),
        ("srv/var/lib/dpkg/status", None),
        ("var/lib/dpkg/status-old", None),
        ("lib/apk/db/installed", "apk"),
        ("usr/lib/apk/db/installed", "apk"),
        ("var/lib/rpm/rpmdb.sqlite", "rpm"),
        ("usr/lib/sysimage/rpm/Packages.db", "rpm"),
        ("opt/x/site-packages/flask-3.dist-info/METADATA", "python"),
        ("usr/lib/python3/dist-packages/six.egg-info", "python"),
        ("usr/lib/python3/dist-packages/apt.egg-info/PKG-INFO", "python"),
        ("usr/lib/python3/dist-packages/apt.egg-info/top_level.txt", None),
        ("app/node_modules/a/package.json", "npm"),
        ("app/node_modules/@s/a/package.json", "npm"),
        ("app/node_modules/a/node_modules/b/package.json", "npm"),
        ("app/node_modules/a/test/package.json", None),
        ("app/package.json", None),
        ("etc/os-release", "os"),
        ("usr/lib/os-release", "os"),
    ],
)
def test_which_files_tell(path: str, kind: str | None) -> None:
    assert database_of(path) == kind


def test_the_system() -> None:
    text = (
        'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\n# ID=no\nID=debian\n'
        'VERSION_ID="13"\nVERSION_CODENAME=trixie\nBROKEN=\'no end\n'
    )
    title = "Debian GNU/Linux 13 (trixie)"
    assert OsRelease.parse(text) == OsRelease("debian", "13", "trixie", title)


def test_a_bill_says_what_it_did_not_read() -> None:
    files = {
        "var/lib/rpm/rpmdb.sqlite": b"SQLite format 3\0",
        "a/b.dist-info/METADATA": b"Name: b\n",
        "etc/os-release": b"",
        "usr/lib/os-release": b"ID=fedora\n",
    }
    bill = Bill.of("a:1", "sha256:0", files)
    assert bill.os.id == "fedora"
    assert bill.components == ()
    assert bill.unread == (
        "/a/b.dist-info/METADATA names no package with a version.",
        "/var/lib/rpm/rpmdb.sqlite is rpm's database, which only rpm's own library reads.",
    )


PATHS = (
    *("var/lib/dpkg/status", "lib/apk/db/installed", "a/node_modules/b/package.json"),
    *("x/b.dist-info/METADATA", "etc/os-release", "var/lib/rpm/Packages"),
)
LINES = st.sampled_from(
    [
        *("Package: a", "Version: 1", "Status: install ok installed", "Source: b (", "P:a", "V:1"),
        *("Name: a", "name: \x00\ud800", "", "\r", " ", "\x1b[2J: 1", '{"name": "\\ud800",'),
    ]
)


@given(
    path=st.sampled_from(PATHS),
    content=st.binary()
    | st.lists(LINES | st.text()).map(lambda rows: "\n".join(rows).encode("utf-8", "replace")),
)
def test_whatever_a_database_says_the_bill_is_made_of_short_visible_lines(
    path: str, content: bytes
) -> None:
    bill = Bill.of("a:1", "sha256:0", {path: content})
    for each in bill.components:
        assert each.name
        assert each.version
        assert len(each.name) <= 300
        for text in (each.name, each.version, each.license, each.architecture):
            assert "\n" not in text
            text.encode("utf-8")
        assert visible_line(repr(each)) == repr(each)


NAMES = st.from_regex(r"[a-z0-9][a-z0-9+.-]{1,20}", fullmatch=True)
VERSIONS = st.from_regex(r"[0-9][A-Za-z0-9.+~-]{0,20}", fullmatch=True)


@given(packages=st.dictionaries(NAMES, VERSIONS, max_size=20))
def test_what_dpkg_writes_is_read_back(packages: dict[str, str]) -> None:
    text = "\n".join(
        f"Package: {name}\nStatus: install ok installed\nVersion: {version}\n"
        for name, version in packages.items()
    )
    assert {each.name: each.version for each in dpkg_components(text, "s")} == packages
