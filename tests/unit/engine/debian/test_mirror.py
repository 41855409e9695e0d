"""What a mirror may lead to, and what is said where its certificate or address is no good."""

from __future__ import annotations

import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.engine.debian import suite
from helpers.engine.debian.mirror import Mirror, MirrorUnreachable, UncheckedCertificate
from helpers.errors import SetupFailed
from tests.unit.debian_kit import SmallArchive, small_archive

NEVER = threading.Event()


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[SmallArchive]:
    with small_archive(monkeypatch, tmp_path) as archive:
        archive.add("testing", "app", b"!<arch>\n")
        yield archive


@pytest.fixture
def untrusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every https:// ends with a certificate that nobody knows."""
    opened = urllib.request.urlopen

    def refuse(request: urllib.request.Request, timeout: float) -> object:
        if request.full_url.startswith("https:"):
            error = ssl.SSLCertVerificationError(1, "no")
            error.verify_message = "unable to get local issuer certificate"
            raise urllib.error.URLError(error)
        return opened(request, timeout=timeout)

    monkeypatch.setattr(urllib.request, "urlopen", refuse)


def test_a_mirror_with_https_leads_to_no_plain_http(
    archive: SmallArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = urllib.request.urlopen
    there = f"{archive.url}/dists/testing/InRelease"
    monkeypatch.setattr(urllib.request, "urlopen", lambda request, timeout: opened(there))
    with pytest.raises(MirrorUnreachable, match="leads to plain HTTP"):
        Mirror("https://deb.example.org/debian").read("dists/testing/InRelease", 9999, NEVER)
    assert Mirror(archive.url).read("dists/testing/InRelease", 9999, NEVER)
    with pytest.raises(SetupFailed, match="larger than it can be"):
        Mirror(archive.url).read("dists/testing/InRelease", 10, NEVER)


@pytest.mark.usefixtures("untrusted")
def test_without_certificates_a_signature_is_enough(archive: SmallArchive, tmp_path: Path) -> None:
    """A bare Debian has none, and Debian's keys."""
    mirror = Mirror(archive.url.replace("http:", "https:"))
    suite_, by = suite.fetched_suite(mirror, "testing", tmp_path, NEVER)
    assert by.url == archive.url
    assert (suite_.codename, suite_.note) == ("code-testing", "")
    assert suite_.index.has("app")


@pytest.mark.usefixtures("archive", "untrusted")
def test_with_neither_it_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(suite, "can_verify", lambda: False)
    with pytest.raises(UncheckedCertificate, match="not trusted here: unable to get local issuer"):
        suite.fetched_suite(Mirror("https://deb.example.org/debian"), "testing", tmp_path, NEVER)


def test_an_unchecked_signature_is_told(
    archive: SmallArchive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened = urllib.request.urlopen

    def encrypted(request: urllib.request.Request, timeout: float) -> object:
        answer = opened(request.full_url.replace("https:", "http:"), timeout=timeout)
        answer.geturl = lambda: request.full_url
        return answer

    monkeypatch.setattr(urllib.request, "urlopen", encrypted)
    monkeypatch.setattr(suite, "can_verify", lambda: False)
    mirror = Mirror(archive.url.replace("http:", "https:"))
    fetched, by = suite.fetched_suite(mirror, "testing", tmp_path, NEVER)
    assert by is mirror
    assert fetched.note == (
        "Debian code-testing: its signature was not checked (no gpgv with Debian's keys is here),"
        f" so it was taken over HTTPS from {mirror.url} alone."
    )


@pytest.mark.parametrize("machine", ["mips", "i686"])
def test_a_machine_that_debian_is_not_built_for(
    monkeypatch: pytest.MonkeyPatch, machine: str
) -> None:
    monkeypatch.setattr(suite.platform, "machine", lambda: machine)
    with pytest.raises(SetupFailed, match=f"do not run here .* on {machine}"):
        suite.architecture()


@pytest.mark.parametrize(
    "url", ["ftp://a/debian", "https://user:secret@a/debian", "file:///etc", "https://a/b c", ""]
)
def test_what_is_no_mirror_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(SetupFailed, match="no address of a Debian mirror") as caught:
        Mirror(url)
    assert "secret" not in str(caught.value)
