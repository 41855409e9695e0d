"""Packages: against a small apt-get and dpkg-query of the test's own, run as real programs."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from helpers.engine.host import package_failures, packages, services
from helpers.engine.host.distribution import Distribution, parse_os_release
from helpers.errors import SetupFailed

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")

APT = """#!/bin/sh
echo "$*" >> "$CALLS"
fd=${5#APT::Status-Fd=}
case "$1" in
update) : > "$LISTS/some_Packages"; [ -z "$UPDATE" ] || { echo "$UPDATE" >&2; exit 100; } ;;
install)
  echo 'dlstatus:1:50.0:Retrieving file 1 of 2' > /dev/fd/$fd
  echo 'pmstatus:docker.io:100.0:Installed docker.io' > /dev/fd/$fd
  [ -e "$POLICY" ] && echo "policy in force" >> "$CALLS"
  [ -z "$FAILURE" ] || { echo "E: $FAILURE" >&2; exit 100; }
  touch "$INSTALLED/docker.io" ;;
esac
"""
DPKG = """#!/bin/sh
for name; do :; done
if [ -e "$INSTALLED/$name" ]; then echo installed; else echo "no packages found" >&2; exit 1; fi
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with a fake apt-get that never heard of docker.io yet."""
    for name, text in (("apt-get", APT), ("dpkg-query", DPKG)):
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).write_text(text)
        (tmp_path / "bin" / name).chmod(0o755)
    for folder in ("lists", "installed"):
        (tmp_path / folder).mkdir()
    policy = tmp_path / "policy-rc.d"
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    for name, value in (
        ("CALLS", tmp_path / "calls"),
        ("LISTS", tmp_path / "lists"),
        ("INSTALLED", tmp_path / "installed"),
        ("POLICY", policy),
    ):
        monkeypatch.setenv(name, str(value))
    monkeypatch.setattr(packages, "can_install", lambda: (True, ""))
    monkeypatch.setattr(
        packages, "lists_age_seconds", lambda: 0.0 if [*(tmp_path / "lists").iterdir()] else 1e9
    )
    monkeypatch.setattr(services, "known", lambda: set())
    monkeypatch.setattr(services.kept_from_starting.__wrapped__, "__defaults__", (policy,))
    return tmp_path


def test_installs_what_is_missing_and_tells_how_far_it_is(machine: Path) -> None:
    heard: list[packages.ProgressLine] = []
    (machine / "installed" / "iptables").touch()
    assert packages.missing(["docker.io", "iptables"]) == ["docker.io"]
    assert packages.install(["docker.io", "iptables"], heard.append) == ["docker.io"]
    assert [str(line) for line in heard][:2] == ["Retrieving file 1 of 2", "Installed docker.io"]
    fractions = [line.fraction for line in heard]
    assert fractions == sorted(fractions)
    assert fractions[0] == pytest.approx(0.375)
    assert fractions[-1] == 1.0
    calls = (machine / "calls").read_text().splitlines()
    assert calls[0].startswith("update")
    assert "--no-install-recommends" in calls[1]
    assert calls[1].endswith(" docker.io")
    assert calls[2] == "policy in force"
    assert not (machine / "policy-rc.d").exists()


def test_what_is_there_is_not_installed_again(machine: Path) -> None:
    (machine / "installed" / "docker.io").touch()
    assert packages.install(["docker.io"]) == []
    assert not (machine / "calls").exists()


def test_fresh_lists_are_not_fetched_again(machine: Path) -> None:
    (machine / "lists" / "some_Packages").touch()
    packages.install(["docker.io"])
    assert not (machine / "calls").read_text().startswith("update")


def test_a_policy_of_the_machine_stays(machine: Path) -> None:
    (machine / "policy-rc.d").write_text("mine")
    packages.install(["docker.io"])
    assert (machine / "policy-rc.d").read_text() == "mine"


def test_stale_lists_are_fetched_and_it_is_tried_again(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (machine / "lists" / "some_Packages").touch()
    monkeypatch.setenv("FAILURE", "Failed to fetch http://x/y.deb  404  Not Found [IP: 1.2.3.4]")
    with pytest.raises(SetupFailed):
        packages.install(["docker.io"])
    verbs = [line.split()[0] for line in (machine / "calls").read_text().splitlines()]
    assert [verb for verb in verbs if verb != "policy"] == ["install", "update", "install"]
    assert not (machine / "policy-rc.d").exists()


def test_without_rights_nothing_is_tried(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "can_install", lambda: (False, "Only root can."))
    with pytest.raises(SetupFailed, match=r"Only root can\. The packages are: docker\.io\."):
        packages.install(["docker.io"])
    assert not (machine / "calls").exists()


@pytest.mark.parametrize(
    ("complaint", "sentence"),
    [
        ("Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 7", "Another prog"),
        ("You don't have enough free space in /var/cache/apt/archives/.", "The disk is full"),
        ("write error - write (28: No space left on device)", "The disk is full"),
        ("Temporary failure resolving 'deb.debian.org'", "server cannot be reached"),
        ("Could not connect to proxy:3128 (10.0.0.1). - connect (111: refused)", "cannot be reach"),
        ("Certificate verification failed: The certificate is NOT trusted.", "certificate is not"),
        ("The repository 'http://x bookworm Release' is not signed.", "No key that this machine"),
        ("Release file for http://x is not valid yet (for another 3h)", "its clock is wrong"),
        ("dpkg was interrupted, you must manually run 'dpkg --configure -a'", "was interrupted"),
        ("Unable to locate package docker.io", "do not have docker.io"),
        ("Package 'docker.io' has no installation candidate", "do not have docker.io"),
        ("Unable to correct problems, you have held broken packages.", "do not go together"),
        ("Something never heard of", "Something never heard of"),
    ],
)
def test_failures_are_one_sentence_and_a_step(complaint: str, sentence: str) -> None:
    error = package_failures.translated([f"E: {complaint}"], ["docker.io"])
    assert sentence in error.message
    assert error.message.count("\n") == 0
    assert error.next_step


def test_failure_of_a_real_run_is_translated(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAILURE", "Sub-process returned: No space left on device")
    with pytest.raises(SetupFailed, match="The disk is full"):
        packages.install(["docker.io"])


OS_RELEASES = [
    ('ID=debian\nVERSION_ID="12"', "debian"),
    ("ID=debian", "debian"),
    ('ID=raspbian\nID_LIKE=debian\nVERSION_ID="9"', "debian"),
    ('ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"', "ubuntu"),
    ('ID=mint\nID_LIKE="ubuntu debian"\nVERSION_ID="21"', "ubuntu"),
    ("ID=fedora\nVERSION_ID=42", ""),
    ("", ""),
]


@pytest.mark.parametrize(("os_release", "family"), OS_RELEASES)
def test_each_distribution_is_of_a_family(tmp_path: Path, os_release: str, family: str) -> None:
    (tmp_path / "os-release").write_text(os_release)
    assert Distribution.read(tmp_path / "os-release").family == family


def test_os_release_is_read_without_quotes() -> None:
    assert parse_os_release("A=\"b c\"\n# no\nD='e'\n") == {"A": "b c", "D": "e"}


def test_can_install_says_why_not(monkeypatch: pytest.MonkeyPatch) -> None:
    fedora = Distribution("Fedora Linux 42", "")
    monkeypatch.setattr(Distribution, "read", classmethod(lambda cls: fedora))
    possible, why = packages.can_install()
    assert not possible
    assert "not on Fedora Linux 42" in why
    monkeypatch.setattr(
        Distribution, "read", classmethod(lambda cls: Distribution("Debian", "debian"))
    )
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    assert packages.can_install() == (
        False,
        "Only root can install packages; run the same command with sudo.",
    )


def test_standard_library_is_enough() -> None:
    """The launcher installs packages before there is an environment."""
    import subprocess

    program = "import helpers.engine.host.packages, helpers.engine.host.distribution"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, '.'); {program}"],
        cwd=Path(__file__).parents[4],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
