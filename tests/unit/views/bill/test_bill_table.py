"""A bill as a table and as a CycloneDX document, which that standard's own schema takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.model.bill.bill import BLIND, Bill
from helpers.views.bill.bill_table import BillTable

STATUS = "".join(
    f"Package: lib{n}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.{n}\n\n"
    for n in range(6)
)
FILES = {
    "etc/os-release": b'ID=debian\nVERSION_ID=13\nPRETTY_NAME="Debian 13"\n',
    "var/lib/dpkg/status": STATUS.encode(),
    "usr/lib/python3/dist-packages/Foo_Bar.egg-info": b"Name: Foo_Bar\nVersion: 2\nLicense: MIT\n",
    "app/node_modules/@s/n/package.json": b'{"name": "@s/n", "version": "3"}',
    "srv/node_modules/@s/n/package.json": b'{"name": "@s/n", "version": "3"}',
    "var/lib/rpm/Packages": b"",
}


@pytest.fixture
def shown() -> BillTable:
    return BillTable(Bill.of("shop:1", "sha256:abc", FILES))


def test_the_kinds_are_counted_and_what_was_not_read_is_said(shown: BillTable) -> None:
    lines = [" ".join(line.split()) for line in repr(shown).splitlines()]
    assert lines == [
        "shop:1 (Debian 13): 9 packages",
        "read from the image's own databases among them",
        "Debian packages (dpkg) 6 lib0, lib1, lib2, lib3, …",
        "Python packages 1 Foo_Bar",
        "npm packages 2 @s/n, @s/n",
        "/var/lib/rpm/Packages is rpm's database, which only rpm's own library reads.",
        BLIND,
    ]


def test_packages_by_a_part_of_their_name(shown: BillTable) -> None:
    lines = repr(shown.packages("FOO")).splitlines()
    assert [line.split() for line in lines[1:]] == [
        ["Foo_Bar", "2", "pypi", "/usr/lib/python3/dist-packages/Foo_Bar.egg-info"]
    ]


def test_a_cyclonedx_document(shown: BillTable, tmp_path: Path) -> None:
    document = json.loads(shown.to_cyclonedx(tmp_path / "bill.json").read_text())
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    image = document["metadata"]["component"]
    assert (image["type"], image["name"], image["version"]) == ("container", "shop:1", "sha256:abc")
    urls = sorted(each["purl"] for each in document["components"] if "purl" in each)
    assert urls == [
        *(f"pkg:deb/debian/lib{n}@1.{n}?arch=amd64&distro=debian-13" for n in range(6)),
        "pkg:npm/%40s/n@3",
        "pkg:npm/%40s/n@3",
        "pkg:pypi/foo-bar@2",
    ]
    systems = [each for each in document["components"] if each["type"] == "operating-system"]
    assert [(each["name"], each["version"]) for each in systems] == [("debian", "13")]


HOSTILE = {
    "etc/os-release": b"ID=\x1b[2J\nVERSION_ID=\xff\n",
    "var/lib/dpkg/status": b"Package: a/../b?x=#<b>$y$\nVersion: 1\x1b[2J\xff%2f@\n\n",
    "lib/apk/db/installed": b"P:\xe2\x80\xae\nV:1\nA:&arch=\nL:<script>\n",
    "a\udcff/node_modules/x/package.json": b'{"name": "@/", "version": "\\ud800"}',
}


def test_a_document_of_what_strangers_wrote_is_valid_all_the_same(tmp_path: Path) -> None:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    validator = JsonStrictValidator(SchemaVersion.V1_6)
    for files in (FILES, HOSTILE, {}):
        bill = Bill.of("shop:1", "sha256:abc", files)
        text = BillTable(bill).to_cyclonedx(tmp_path / "bill.json").read_text(encoding="utf-8")
        assert validator.validate_str(text) is None
        assert len(bill.components) == (9 if files is FILES else len(files) - bool(files))
    shown = BillTable(Bill.of("shop:1", "", HOSTILE))
    for page in (shown.page(), shown.packages()):
        for text in page._repr_mimebundle_().values():
            assert "\x1b" not in text
            assert "\u202e" not in text
        assert "<b>" not in page.html
        assert "<script>" not in page.html
        assert "$y$" not in page.html
