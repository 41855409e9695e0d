"""The distribution's packages, installed for the workbook on Debian and Ubuntu.

Standard library only: the launcher needs it before there is an environment.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.engine.host import package_failures, services
from helpers.engine.host.distribution import Distribution
from helpers.errors import SetupFailed

_LISTS = Path("/var/lib/apt/lists")
_STALE_SECONDS = 24 * 3600
_LOCK_SECONDS = 120
# Of the whole time: the lists, then the download, then unpacking and setting up.
_SHARE = {"update": (0.0, 0.15), "dlstatus": (0.15, 0.6), "pmstatus": (0.6, 1.0)}


class ProgressLine(str):
    """A line about what is being done, with how much of the whole is (`fraction`, 0 to 1)."""

    fraction: float

    def __new__(cls, text: str, fraction: float) -> ProgressLine:
        """The line, with its fraction."""
        line = super().__new__(cls, text)
        line.fraction = fraction
        return line


OnLine = Callable[[ProgressLine], None]


def missing(names: Iterable[str]) -> list[str]:
    """Those of the packages that dpkg does not have installed; all of them where there is no dpkg.

    An architecture's suffix (libc6:amd64) is understood as dpkg understands it.
    """
    wanted = list(names)
    if shutil.which("dpkg-query") is None:
        return wanted
    return [name for name in wanted if not _is_installed(name)]


def can_install() -> tuple[bool, str]:
    """Whether packages can be installed here, and if not, why (a sentence)."""
    distribution = Distribution.read()
    if not distribution.family or shutil.which("apt-get") is None:
        return False, f"Packages can be installed on Debian and Ubuntu, not on {distribution.name}."
    if os.geteuid() != 0:
        return False, "Only root can install packages; run the same command with sudo."
    return True, ""


def install(names: Iterable[str], on_line: OnLine | None = None) -> list[str]:
    """The packages that were missing and are installed now; `on_line` hears of every step.

    Nothing that they bring is started, nor set to start with the machine. Raises SetupFailed.
    """
    absent = missing(names)
    if not absent:
        return []
    possible, why = can_install()
    if not possible:
        raise SetupFailed(why, f"The packages are: {' '.join(absent)}.")
    tell = on_line or (lambda line: None)
    with services.kept_from_starting():
        before = services.known()
        update_lines = _update(tell) if lists_age_seconds() > _STALE_SECONDS else []
        code, lines = _apt("install", *absent, tell=tell)
        if code != 0 and package_failures.is_stale(lines) and not update_lines:
            update_lines = _update(tell)
            code, lines = _apt("install", *absent, tell=tell)
        services.disable(services.known() - before)
    if code != 0:
        raise package_failures.translated([*update_lines, *lines], absent)
    tell(ProgressLine(f"Installed: {' '.join(absent)}", 1.0))
    return absent


def lists_age_seconds(lists: Path = _LISTS) -> float:
    """How long ago the package lists were fetched; infinite where there are none."""
    if not any(lists.glob("*_Packages*")):
        return float("inf")
    return time.time() - lists.stat().st_mtime


def _is_installed(name: str) -> bool:
    done = subprocess.run(
        ["dpkg-query", "-W", "-f=${db:Status-Status}\n", name],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0 and "installed" in done.stdout.split()


def _update(tell: OnLine) -> list[str]:
    """The complaints of `apt-get update`; SetupFailed where there are no usable lists after it.

    One source of several that does not answer is no reason to stop: what counts is the install.
    """
    code, lines = _apt("update", tell=tell)
    if code != 0 and lists_age_seconds() == float("inf"):
        raise package_failures.translated(lines, [])
    return lines


def _apt(verb: str, *words: str, tell: OnLine) -> tuple[int, list[str]]:
    """apt-get's exit status and its complaints, line by line."""
    reading, writing = os.pipe()
    command = [
        *("apt-get", verb, "-y", "--no-install-recommends"),
        *("-o", f"APT::Status-Fd={writing}", "-o", "Dpkg::Use-Pty=0"),
        *("-o", f"DPkg::Lock::Timeout={_LOCK_SECONDS}", "-o", "Acquire::Retries=2"),
        *("-o", "Acquire::http::Timeout=20", "-o", "Acquire::https::Timeout=20"),
        *words,
    ]
    # Hooks and maintainer scripts in Python take nothing from the folder that we were started in.
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    environment["PYTHONSAFEPATH"] = "1"
    with tempfile.TemporaryFile() as complaints:
        with _ended_in_order(
            subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                pass_fds=[writing],
                env=environment,
                cwd="/",
                start_new_session=True,
            )
        ) as apt:
            os.close(writing)
            with os.fdopen(reading, encoding="utf-8", errors="replace") as status:
                for line in status:
                    _tell_status(verb, line, tell)
            code = apt.wait()
        complaints.seek(0)
        text = complaints.read().decode("utf-8", "replace")
    return code, [line for line in text.splitlines() if line.strip()]


@contextmanager
def _ended_in_order(apt: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """apt-get, which is never torn off: on Ctrl-C it is asked to stop, and waited for."""
    with apt:
        try:
            yield apt
        except BaseException:
            apt.send_signal(signal.SIGINT)
            raise


def _tell_status(verb: str, line: str, tell: OnLine) -> None:
    """A line of apt's status (`pmstatus:package:45.0:Unpacking …`) as one of ours."""
    kind, _, rest = line.strip().partition(":")
    parts = rest.split(":", 2)
    if kind not in ("dlstatus", "pmstatus") or len(parts) < 3:
        return
    start, end = _SHARE["update" if verb == "update" else kind]
    try:
        done = float(parts[1]) / 100
    except ValueError:
        return
    tell(ProgressLine(parts[2], start + (end - start) * min(max(done, 0.0), 1.0)))
