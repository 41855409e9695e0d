"""What `./workbook lab --from` names: the file of a bundle, or a server that has one.

Standard library only: the first start has no packages yet, and takes them from there.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.noted_indexes import is_noted
from helpers.errors import DamagedBundle, InvalidInput
from helpers.launcher.stick import Stick
from helpers.model.bundle.index_digest import IndexDigest
from helpers.model.bundle.server_address import ServerAddress

BUNDLE, SERVER = "WORKBOOK_BUNDLE", "WORKBOOK_FROM"
_FILE_BEGINNINGS = ("/", "./", "../", "~")


@dataclass(frozen=True)
class StartFrom:
    """Where images, and what else is there, come from; `stick` is None where nothing vouches.

    `bundle` is None for a server, `notice` what whoever named it has to know.
    """

    variable: str
    value: str
    stick: Stick | None
    bundle: BundleFile | None = None
    notice: str = ""

    @classmethod
    def parse(cls, text: str, sha256: str | None = None) -> StartFrom:
        """The bundle or server of that name; a bundle's digest may stand behind a #.

        Raises InvalidInput, DamagedBundle where it is cut off or not that of the digest.
        """
        path, digest = _file_and_digest(text)
        digest = IndexDigest.parse(sha256) if sha256 else digest
        if path is not None:
            return cls._of_file(BundleFile(path), digest)
        address = ServerAddress.parse(text)
        if sha256:
            address = ServerAddress(address.base, digest)
        return cls(SERVER, str(address), Stick.served(address) if address.digest else None)

    @classmethod
    def _of_file(cls, bundle: BundleFile, digest: IndexDigest | None) -> StartFrom:
        """A file is vouched for by the hand that names it, and by the digest where there is one."""
        name = bundle.path.name
        if digest is not None and not digest.vouches_for(bundle.index):
            raise DamagedBundle(
                f"{name} is another bundle than its SHA-256 says.",
                "Nothing of it was used. Ask whoever made it for both again.",
            )
        notice = ""
        if digest is None and not is_noted(bundle.index):
            notice = (
                f"You named {name}: what it has, programs included, is used here as if it were "
                f"yours. Compare with whoever made it: {bundle.digest.words} ({bundle.digest})."
            )
        value = f"{bundle.path.absolute()}#{bundle.digest}"
        return cls(BUNDLE, value, Stick.opened(bundle), bundle, notice)

    @property
    def has_engine(self) -> bool:
        """Whether it brings an engine for some machine."""
        return self.stick is not None and any(one.is_engine for one in self.stick.source.artifacts)

    def names(self) -> tuple[str, ...]:
        """The images that a file has; none for a server, which stays where it is."""
        return tuple(image.name for image in self.bundle.images) if self.bundle else ()

    def use(self) -> None:
        """All that follows takes it from there; who has not been told yet is told."""
        if self.notice and os.environ.get(self.variable) != self.value:
            print(self.notice, flush=True)
        os.environ[self.variable] = self.value


def start_in(arguments: Sequence[str]) -> StartFrom | None:
    """What a command line names before it is parsed by its command; None where it names nothing.

    Raises as `StartFrom.parse` does.
    """
    if not arguments or arguments[0] != "lab" or {"-h", "--help"} & set(arguments):
        return None
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    add_from(parser)
    try:
        known, _ = parser.parse_known_args(arguments[1:])
    except argparse.ArgumentError as error:
        raise InvalidInput(f"{error}.", f"See `{Path(sys.argv[0]).name} lab --help`.") from None
    return StartFrom.parse(known.start, known.sha256) if known.start else None


def add_from(parser: argparse.ArgumentParser) -> None:
    """The options of `lab` that say so."""
    parser.add_argument(
        "--from",
        dest="start",
        metavar="FILE|ADDRESS",
        help="start from the bundle in that file (`bundle save --all-in` makes one that needs no "
        "network), or from the room's server, `./workbook serve` on another machine: "
        "http://HOST:PORT/#sha256-… as it is shown there, or with the five words",
    )
    parser.add_argument(
        "--sha256",
        metavar="DIGEST",
        help="the digest of the bundle that --from names, from whoever made it, in full or as "
        "five words",
    )


def _file_and_digest(text: str) -> tuple[Path | None, IndexDigest | None]:
    """The file that is named, and the digest behind it; no file where it is an address."""
    path, mark, digest = text.rpartition("#")
    if not mark or Path(text).expanduser().exists():
        path, digest = text, ""
    is_file = Path(path).expanduser().exists() or (
        "://" not in path and (path.endswith(".tar") or path.startswith(_FILE_BEGINNINGS))
    )
    if not is_file:
        return None, None
    return Path(path).expanduser(), IndexDigest.parse(digest) if digest else None
