"""uv for as long as packages are installed: pip asks for one after the other, uv for all at once.

Fetched by pip as one more locked package. Standard library only.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from helpers.engine.base.project_files import ROOT
from helpers.engine.host.pip_settings import pip_certificates, pip_has_its_own_way
from helpers.errors import SetupFailed

LOCK = ROOT / "helpers/launcher/requirements.txt"
# Runs pip with these words.
Pip = Callable[[Sequence[str]], None]


@contextmanager
def fetched_uv(folder: Path, pip: Pip, lock: Path = LOCK) -> Iterator[tuple[str, dict[str, str]]]:
    """The program and its settings in the block; an empty name where pip had better do it itself.

    That is where pip was told of an index or a proxy, or cannot fetch uv: then it says why itself.
    """
    if not lock.is_file() or pip_has_its_own_way(os.environ):
        yield "", {}
        return
    words = ["install", "--no-deps", "--no-compile", "--only-binary=:all:", "--require-hashes"]
    try:
        try:
            # Without a network pip is asked again, and that time it tries longer.
            pip([*words, "--retries", "0", "--target", str(folder), "-r", str(lock)])
            program = _program_in(folder)
        except SetupFailed:
            program = ""
        yield program, _settings(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _program_in(folder: Path) -> str:
    path = os.pathsep.join(str(folder / name) for name in ("bin", "Scripts"))
    return shutil.which("uv", path=path) or ""


def _settings(folder: Path) -> dict[str, str]:
    """Nothing is kept outside of that folder, and whom pip trusts is trusted.

    The cache is on the environment's own disk, so that its files are linked and not copied.
    """
    settings = {"UV_CACHE_DIR": str(folder / "cache")}
    bundle = os.environ.get("SSL_CERT_FILE") or pip_certificates(os.environ)
    return settings | ({"SSL_CERT_FILE": bundle} if bundle else {})
