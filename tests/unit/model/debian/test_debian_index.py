"""What Debian's index says, understood; what cannot be is refused in words."""

from __future__ import annotations

import itertools
import random
import re
import shutil
import subprocess
from datetime import UTC, datetime

import pytest

from helpers.errors import SetupFailed
from helpers.model.debian.closure import MissingPackage, closure
from helpers.model.debian.fields import parse_fields
from helpers.model.debian.package import Package, parse_needs
from helpers.model.debian.package_index import LayeredIndex, PackageIndex
from helpers.model.debian.release_file import ReleaseFile, signed_text
from helpers.model.debian.tree_progress import TreeProgress
from helpers.model.debian.tree_recipe import DOCKER_TREE, TreeRecipe
from helpers.model.debian.version import version_key

DIGEST = "0a" * 32
# In dpkg's order, as `dpkg --compare-versions` says; the pairs of deb-version(7) are among them.
IN_ORDER = (
    *("0.9.9", "1.0~~", "1.0~~a", "1.0~", "1.0~rc1", "1.0", "1.0-1", "1.0-1+b1", "1.0-1+b10"),
    *("1.0-2", "1.0a", "1.0+dfsg", "1.0.1", "1.7.24~ds1-6", "1.7.24~ds1-6+deb13u1", "2.1.9+ds1-5"),
    *("9", "10", "28.5.2+dfsg4-5", "28.5.2+dfsg4-10", "1:0.5"),
)
RELEASE = f"""Origin: Debian
Suite: testing
Codename: forky
Date: Fri, 30 Oct 2026 08:08:01 UTC
Valid-Until: Fri, 06 Nov 2026 08:08:01 UTC
MD5Sum:
 6d41c06349a3da92b8a135bfde1838f9  1 main/binary-amd64/Packages.xz
SHA256:
 {DIGEST}  10 main/binary-amd64/Packages.xz
 {DIGEST} 100 main/binary-amd64/Packages
"""


def stanza(name: str, version: str = "1.0", **more: str) -> str:
    """A paragraph of a Packages file."""
    fields = {
        "Package": name,
        "Version": version,
        "Installed-Size": "3",
        "Filename": f"pool/main/{name}_{version.replace(':', '%3a').replace('%', '')}.deb",
        "Size": "1000",
        "SHA256": DIGEST,
        **{key.replace("_", "-"): value for key, value in more.items()},
    }
    return "".join(f"{key}: {value}\n" for key, value in fields.items())


def index(*stanzas: str) -> PackageIndex:
    return PackageIndex("\n".join(stanzas).encode())


def test_fields_continue_and_names_are_any_case() -> None:
    text = "Package: a\nDescription: one\n two\n\tthree\nDEPENDS:b\nnonsense\n lost\n"
    assert parse_fields(text) == {"package": "a", "description": "one\ntwo\nthree", "depends": "b"}


def test_versions_are_in_the_order_of_dpkg() -> None:
    assert sorted(random.Random(7).sample(IN_ORDER, len(IN_ORDER)), key=version_key) == [*IN_ORDER]
    assert version_key("1.0") == version_key("0:1.0-0")


def test_dpkg_says_the_same() -> None:
    dpkg = shutil.which("dpkg")
    for older, newer in itertools.pairwise(IN_ORDER if dpkg else ()):
        words = [str(dpkg), "--compare-versions", older, "lt", newer]
        assert subprocess.run(words, check=False).returncode == 0, (older, newer)


def test_a_release_file_lists_its_index_and_its_time() -> None:
    release = ReleaseFile.parse(RELEASE)
    packed, plain = release.index("amd64")
    assert (release.codename, packed.size_bytes, plain.size_bytes) == ("forky", 10, 100)
    assert packed.sha256 == DIGEST
    assert release.staleness(datetime(2026, 11, 5, tzinfo=UTC)) == ""
    assert release.staleness(datetime(2026, 11, 30, tzinfo=UTC)) == (
        "its list of 30 October 2026 was to be used until 6 November 2026"
    )
    with pytest.raises(SetupFailed, match="no packages for s390x"):
        release.index("s390x")


def test_a_release_file_without_dates_or_files() -> None:
    bare = ReleaseFile.parse(re.sub("(Date|Valid-Until): .*", r"\1: soon", RELEASE))
    assert (bare.date, bare.valid_until) == (None, None)
    assert bare.staleness(datetime.now(UTC)) == ""
    with pytest.raises(SetupFailed, match="lists no files"):
        ReleaseFile.parse("Suite: testing\n")


SIGNED = (
    "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nSuite: a\n- -----dashes\n"
    "-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n"
)


def test_the_text_inside_of_a_signed_message() -> None:
    assert signed_text(SIGNED) == "Suite: a\n-----dashes\n"


@pytest.mark.parametrize(
    "message",
    [
        "",
        "Suite: a\n",
        f"Suite: evil\n{SIGNED}",
        f"{SIGNED}Suite: evil\n",
        SIGNED + SIGNED,
        SIGNED.replace("-----END PGP SIGNATURE-----\n", ""),
    ],
)
def test_text_that_stands_around_a_signed_message_is_refused(message: str) -> None:
    with pytest.raises(SetupFailed, match="one signed message"):
        signed_text(message)


def test_a_package_is_understood() -> None:
    needs = "libc6 (>= 2.38), a:any | b (<< 2) [amd64],, c"
    package = Package.parse(stanza("docker.io", "28.5-1", Depends=needs, Pre_Depends="init (>= 1)"))
    assert (package.name, package.size_bytes, package.unpacked_bytes) == ("docker.io", 1000, 3072)
    assert package.needs == (("init",), ("libc6",), ("a", "b"), ("c",))
    assert parse_needs("") == ()


@pytest.mark.parametrize(
    "change",
    [
        {"Filename": "../../etc/passwd.deb"},
        {"Filename": "/etc/passwd.deb"},
        {"Filename": "pool//a.deb"},
        {"Filename": "pool/a.deb?x=1.deb"},
        {"Filename": "pool/a\x1b[2J.deb"},
        {"Filename": "pool/a.txt"},
        {"Size": "-1"},
        {"Size": "99999999999"},
        {"Size": "9" * 5000},
        {"Installed-Size": "many"},
        {"SHA256": "x" * 64},
        {"SHA256": ""},
        {"Package": "../a"},
        {"Version": "1.0/../.."},
    ],
)
def test_a_package_that_cannot_be_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(SetupFailed, match="that cannot be"):
        Package.parse(stanza("a", **change))


def test_no_mutation_of_an_index_is_more_than_refused() -> None:
    chance = random.Random(1)
    whole = "\n".join([stanza("a", Depends="b"), stanza("b", Provides="c (= 1)")]).encode()
    for _ in range(2000):
        broken = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        try:
            for package in closure(PackageIndex(bytes(broken)), ["a"]):
                assert ".." not in package.path.split("/")
        except SetupFailed:
            pass


def test_the_newest_of_two_versions_is_taken() -> None:
    both = index(stanza("a", "1.0-2"), stanza("a", "1.0-10"), stanza("a", "1.0-9"))
    package = both.package("a")
    assert package is not None
    assert package.version == "1.0-10"
    assert both.package("b") is None


def test_a_closure_goes_over_needs_alternatives_and_what_is_provided() -> None:
    archive = index(
        stanza("docker.io", Depends="containerd (>= 1), iptables | nftables, mail-agent, adduser"),
        stanza("containerd", Pre_Depends="libc6", Depends="docker.io"),
        stanza("nftables"),
        stanza("postfix", Provides="mail-agent, other"),
        stanza("libc6"),
        stanza("unneeded"),
    )
    names = [package.name for package in closure(archive, ["docker.io"], {"adduser"})]
    assert names == ["containerd", "docker.io", "libc6", "nftables", "postfix"]


def test_an_alternative_that_is_there_already_is_enough() -> None:
    archive = index(stanza("a", Depends="c, b | c"), stanza("b"), stanza("c"))
    assert [package.name for package in closure(archive, ["a"])] == ["a", "c"]
    assert [package.name for package in closure(archive, ["a"], {"c"})] == ["a"]


def test_a_suite_on_top_of_another_gives_what_is_wanted_of_it() -> None:
    top = index(stanza("podman", "6", Depends="lib, new, odd"), stanza("lib", "9"), stanza("new"))
    whole = index(stanza("podman", "5"), stanza("lib", "1"), stanza("even", Provides="odd"))
    chosen = closure(LayeredIndex(top, whole, ["podman"]), ["podman"])
    versions = {package.name: package.version for package in chosen}
    assert versions == {"podman": "6", "lib": "1", "new": "1.0", "even": "1.0"}


def test_what_a_suite_lacks_is_named() -> None:
    archive = index(stanza("a", Depends="b | c"))
    with pytest.raises(MissingPackage, match="no package b or c, which a needs"):
        closure(archive, ["a"])
    with pytest.raises(MissingPackage, match="no package docker-buildx"):
        closure(archive, ["docker-buildx"])


def test_a_recipe_is_known_by_what_is_in_it_and_not_by_its_suites() -> None:
    one, other = TreeRecipe("a", ("testing",), ("x",)), TreeRecipe("a", ("stable",), ("x",))
    assert one.fingerprint == other.fingerprint
    assert one.fingerprint != TreeRecipe("a", ("testing",), ("x", "y")).fingerprint


def test_what_is_trimmed_of_an_engine() -> None:
    trims = DOCKER_TREE.trims()
    for path in ("usr/share/doc/runc/copyright", "usr/bin/ctr", "usr/lib/systemd/system/a.service"):
        assert trims.match(path), path
    for path in ("usr/bin/docker", "usr/lib/x86_64-linux-gnu/libc.so.6", "usr/sbin/dockerd"):
        assert not trims.match(path), path
    assert not TreeRecipe("a", (), (), trimmed=()).trims().match("usr/share/doc/x")


def test_progress_in_words() -> None:
    progress = TreeProgress("fetching", "docker", 34_100_000, 106_000_000)
    assert progress.words == "fetching docker (34.1 MB of 106 MB)"
    assert TreeProgress("asking for Debian", "testing").words == "asking for Debian testing"
