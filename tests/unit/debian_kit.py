"""A small archive of Debian packages of the tests' own, served over HTTP."""

from __future__ import annotations

import io
import lzma
import tarfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from helpers.engine.debian import signature, suite

# What gpgv does with a message that a key of the keyring signed: its text comes out.
GPGV = """#!/bin/sh
while [ $# -gt 1 ]; do [ "$1" = --output ] && out=$2; shift; done
awk '/^-----BEGIN PGP SIGNATURE/ { exit } inside; /^$/ { inside = 1 }' "$1" > "$out"
grep -q nobody "$1" || echo "[GNUPG:] GOODSIG 0123456789ABCDEF Somebody"
"""


def member(name: str, content: bytes = b"", **fields: object) -> tuple[tarfile.TarInfo, bytes]:
    """A member of a tar: a file, or what `type` says."""
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for key, value in fields.items():
        setattr(info, key, value)
    return info, content


def packed_tar(members: Iterable[tuple[tarfile.TarInfo, bytes]]) -> bytes:
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for info, content in members:
            tar.addfile(info, io.BytesIO(content))
    return plain.getvalue()


def ar(members: Mapping[str, bytes]) -> bytes:
    """An ar archive, as binutils and dpkg write it."""
    parts = [b"!<arch>\n"]
    for name, data in members.items():
        header = f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(data):<10}`\n"
        parts += [header.encode(), data, b"\n" * (len(data) % 2)]
    return b"".join(parts)


def deb(
    members: Iterable[tuple[tarfile.TarInfo, bytes]],
    suffix: str = ".xz",
    pack: Callable[[bytes], bytes] = lzma.compress,
) -> bytes:
    tar = pack(packed_tar(members))
    return ar({"debian-binary": b"2.0\n", "control.tar.xz": b"odd", f"data.tar{suffix}": tar})


@dataclass
class SmallArchive:
    """Suites with packages; `files` are what the server has, `asked` what was asked for.

    `spoil` changes an answer on its way: path and bytes in, bytes out.
    """

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    spoil: Callable[[str, bytes], bytes] = lambda path, data: data
    _stanzas: dict[str, list[str]] = field(default_factory=dict)

    def add(
        self, suite_name: str, name: str, data: bytes, version: str = "1.0", **fields: str
    ) -> None:
        """The package is in the suite."""
        path = f"pool/{name}_{version}_{suite_name}.deb"
        self.files[path] = data
        lines = {
            "Package": name,
            "Version": version,
            "Installed-Size": "10",
            "Filename": path,
            "Size": str(len(data)),
            "SHA256": sha256(data).hexdigest(),
            **fields,
        }
        text = "".join(f"{key}: {value}\n" for key, value in lines.items())
        self._stanzas.setdefault(suite_name, []).append(text)
        self.publish(suite_name)

    def publish(self, suite_name: str, more: str = "", signer: str = "Somebody") -> None:
        """The suite's index and its signed list are as its packages say."""
        plain = "\n".join(self._stanzas.get(suite_name, [])).encode()
        packed = lzma.compress(plain)
        folder = f"main/binary-{suite.architecture()}"
        digest = sha256(packed).hexdigest()
        self.files[f"dists/{suite_name}/{folder}/by-hash/SHA256/{digest}"] = packed
        release = (
            f"Suite: {suite_name}\nCodename: code-{suite_name}\n{more}SHA256:\n"
            f" {digest} {len(packed)} {folder}/Packages.xz\n"
            f" {sha256(plain).hexdigest()} {len(plain)} {folder}/Packages\n"
        )
        self.files[f"dists/{suite_name}/InRelease"] = (
            f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{release}"
            f"-----BEGIN PGP SIGNATURE-----\n\n{signer}\n-----END PGP SIGNATURE-----\n"
        ).encode()


@contextmanager
def small_archive(
    monkeypatch: pytest.MonkeyPatch, folder: Path, gpgv: bool = True
) -> Iterator[SmallArchive]:
    """The archive as the mirror of this process, with a gpgv that knows its key."""
    archive = SmallArchive()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.removeprefix("/debian/").removeprefix("/debian-security/")
            archive.asked.append(path)
            data = archive.files.get(path)
            self.send_response(404 if data is None else 200)
            body = b"" if data is None else archive.spoil(path, data)
            self.send_header("Content-Length", str(len(data or b"")))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    keyring = folder / "keyring.gpg"
    keyring.touch()
    programs = folder / "programs"
    programs.mkdir()
    if gpgv:
        (programs / "gpgv").write_text(GPGV)
        (programs / "gpgv").chmod(0o755)
        monkeypatch.setattr(signature, "KEYRING", keyring)
        monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    else:
        monkeypatch.setattr(signature, "KEYRING", folder / "none")
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True).start()
        archive.url = f"http://127.0.0.1:{httpd.server_port}/debian"
        monkeypatch.setenv("WORKBOOK_DEBIAN_MIRROR", archive.url)
        monkeypatch.setenv("WORKBOOK_HOME", str(folder / "home"))
        try:
            yield archive
        finally:
            httpd.shutdown()
