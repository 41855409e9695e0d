"""The signature of a suite's index, checked by gpgv or sqv: one of them is where apt is."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from helpers.errors import SetupFailed
from helpers.model.debian.release_file import signed_text

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_PATIENCE_SECONDS = 60


def can_verify() -> bool:
    """Whether this machine has a program that checks signatures, and Debian's keys."""
    return _verifier() is not None and KEYRING.is_file()


def verified_text(message: bytes, work: Path) -> str:
    """The text that one of Debian's keys signed; SetupFailed where none did.

    It is what the verifier itself gives out, and has to be all that the message has inside.
    `work` is a folder for the two files of it.
    """
    signed, plain = work / "InRelease", work / "Release"
    signed.write_bytes(message)
    plain.unlink(missing_ok=True)
    text = _read(plain) if _is_good(signed, plain) else ""
    claimed = signed_text(message.decode(errors="replace"))
    if not text or _bare(text) != _bare(claimed):
        raise SetupFailed(
            "No key of Debian's has signed what the mirror gave.",
            "Check the clock (date), or name another mirror in WORKBOOK_DEBIAN_MIRROR.",
        )
    return text


def _is_good(signed: Path, plain: Path) -> bool:
    program = _verifier() or ""
    by_gpgv = Path(program).name == "gpgv"
    options = ["--status-fd", "1"] if by_gpgv else ["--cleartext"]
    words = [program, *options, "--keyring", str(KEYRING), "--output", str(plain), str(signed)]
    try:
        ended = subprocess.run(
            words, capture_output=True, stdin=subprocess.DEVNULL, timeout=_PATIENCE_SECONDS
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return _says_good(ended.stdout) if by_gpgv else ended.returncode == 0


def _says_good(status: bytes) -> bool:
    """Whether a key of the keyring signed it, and none of the signatures is wrong.

    One by a key that is newer than the keyring counts for nothing, as with apt; gpgv's exit code
    is 2 then, so its status lines are read. Source: gnupg, doc/DETAILS.
    """
    lines = [line.split() for line in status.splitlines() if line.startswith(b"[GNUPG:] ")]
    words = {line[1] for line in lines if len(line) > 1}
    return b"GOODSIG" in words and b"BADSIG" not in words


def _verifier() -> str | None:
    return shutil.which("gpgv") or shutil.which("sqv")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _bare(text: str) -> list[str]:
    """The lines without what a cleartext signature does not cover: blanks at their ends."""
    return [line.rstrip() for line in text.strip().splitlines()]
