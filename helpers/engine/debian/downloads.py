"""The files of packages, several at a time, each whole in a folder before anybody sees it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from hashlib import file_digest, sha256
from pathlib import Path

from helpers.engine.base.disk_answers import disk_full
from helpers.engine.debian.mirror import Mirror, MirrorUnreachable
from helpers.errors import Interrupted, SetupFailed
from helpers.model.debian.package import Package

_AT_ONCE = 4
_TRIES, _PAUSE_SECONDS = 3, 0.5
_POLL_SECONDS = 0.2
_Outcome = tuple[Package, Path] | Exception


class Downloads:
    """The packages' files, kept in `folder` under their checksums."""

    def __init__(self, mirror: Mirror, packages: Sequence[Package], folder: Path) -> None:
        self._mirror, self._folder = mirror, folder
        self._waiting: queue.SimpleQueue[Package] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[_Outcome] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._count = len(packages)
        self._bytes: dict[str, int] = {}
        for package in sorted(packages, key=lambda package: -package.size_bytes):
            self._waiting.put(package)

    @property
    def done_bytes(self) -> int:
        """How much is here of all of them."""
        return sum(self._bytes.copy().values())

    def each(
        self, cancelled: threading.Event, on_wait: Callable[[], None]
    ) -> Iterator[tuple[Package, Path]]:
        """Each package with its file as it comes, large ones first.

        Raises Interrupted once cancelled is set, and SetupFailed or DiskFull.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        for _ in range(_AT_ONCE):
            threading.Thread(target=self._work, name="debs", daemon=True).start()
        try:
            for _ in range(self._count):
                yield self._next(cancelled, on_wait)
        finally:
            self._stop.set()

    def _next(
        self, cancelled: threading.Event, on_wait: Callable[[], None]
    ) -> tuple[Package, Path]:
        while True:
            on_wait()
            if cancelled.is_set():
                raise Interrupted(
                    "Interrupted; packages that were whole are kept.", "Run it again."
                )
            try:
                outcome = self._done.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                continue
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                package = self._waiting.get_nowait()
            except queue.Empty:
                return
            try:
                self._done.put((package, self._whole(package)))
            except Exception as error:
                self._done.put(error)
                return

    def _whole(self, package: Package) -> Path:
        """The package's file, from the folder where it is whole there."""
        path = self._folder / f"{package.sha256}.deb"
        if not (path.is_file() and _digest(path) == package.sha256):
            partial = path.with_suffix(f".{threading.get_ident()}.part")
            try:
                self._fetch_patiently(package, partial)
                partial.replace(path)
            except OSError as error:
                raise disk_full(error, partial) or error from None
            finally:
                partial.unlink(missing_ok=True)
        self._bytes[package.name] = package.size_bytes
        return path

    def _fetch_patiently(self, package: Package, partial: Path) -> None:
        """A network that breaks off is tried again, a few times."""
        for _ in range(_TRIES - 1):
            try:
                return self._fetch(package, partial)
            except MirrorUnreachable:
                if self._stop.wait(_PAUSE_SECONDS):
                    raise
        self._fetch(package, partial)

    def _fetch(self, package: Package, partial: Path) -> None:
        digest, size = sha256(), 0
        with partial.open("wb") as file:
            for piece in self._mirror.pieces(package.path):
                digest.update(piece)
                size += len(piece)
                if self._stop.is_set() or size > package.size_bytes:
                    break
                file.write(piece)
                self._bytes[package.name] = size
        if size < package.size_bytes:
            raise MirrorUnreachable(
                f"{self._mirror.url} broke off in the middle of the package {package.name}.",
                "Run it again; packages that came whole are kept.",
            )
        if size != package.size_bytes or digest.hexdigest() != package.sha256:
            raise SetupFailed(
                f"{self._mirror.url} gave other bytes for the package {package.name} than"
                " Debian's list says.",
                "Run it again, or name another mirror in WORKBOOK_DEBIAN_MIRROR.",
            )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
