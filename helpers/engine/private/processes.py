"""The processes of a private engine: started, known again by a mark, ended.

Each is started with a mark in its environment, which its children inherit: dockerd and
containerd, and from them the shims and the port proxies. So they are found again whoever
started them, and after dockerd itself was killed. A container's processes get their environment
from the container and carry no mark; those are known by their control group.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from helpers.errors import SetupFailed

MARK = "DOCKER_WORKBOOK_ENGINE"
_SYSTEM_PATH = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"


def program(name: str) -> str | None:
    """Where a program is, the system's sbin folders included; None where it is not."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:{_SYSTEM_PATH}")


def run_command(
    words: Sequence[str],
    command: Sequence[str],
    stdin: str | None = None,
    more: Mapping[str, str] | None = None,
) -> str:
    """What a short command prints, with these further variables; `words` are what it is called.

    SetupFailed with its last line where it fails.
    """
    environment = {**os.environ, **(more or {})}
    done = subprocess.run(
        command, input=stdin, capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
        raise SetupFailed(
            f"`{' '.join(words)}` failed: {lines[-1]}",
            "`./workbook doctor` looks at this machine; an engine of your own (DOCKER_HOST) does "
            "without it.",
        )
    return done.stdout


def spawn(words: list[str], *, mark: str, log: Path, more: Mapping[str, str]) -> int:
    """The process id of a daemon that outlives us, in a session of its own.

    The session keeps the Ctrl-C of the learner's terminal away from it. It has these further
    variables, and none of ours that would lead its loader to other libraries.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LD_")}
    environment = {**kept, MARK: mark, **more}
    to_log = (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    return os.posix_spawn(
        words[0],
        words,
        environment,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            to_log,
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
        setsigmask=[],
        setsigdef=[signal.SIGINT, signal.SIGTERM, signal.SIGPIPE],
    )


def marked(mark: str) -> list[int]:
    """The living processes that carry the mark, in this process-id namespace."""
    wanted = f"\0{MARK}={mark}\0".encode()
    ours = _namespace("self", "pid")
    return [
        pid
        for pid in _process_ids()
        if wanted in b"\0" + _read(pid, "environ") and _namespace(pid, "pid") == ours
    ]


def strangers(name: str) -> list[int]:
    """The processes of that name on this machine's network that no private engine started."""
    ours = _namespace("self", "net")
    return [
        pid
        for pid in _process_ids()
        if _read(pid, "comm").strip() == name.encode()
        and _namespace(pid, "net") == ours
        and f"\0{MARK}=".encode() not in b"\0" + _read(pid, "environ")
    ]


def running(name: str, among: Iterable[int]) -> list[int]:
    """Those of the processes that run the program of that name."""
    return [pid for pid in among if _read(pid, "comm").strip() == name.encode()]


def send(number: signal.Signals, pids: Iterable[int]) -> None:
    """The signal is delivered to whichever of the processes still live."""
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def wait_ended(pids: Collection[int], seconds: float) -> list[int]:
    """Those of the processes that still live after at most so many seconds.

    Children of ours are reaped on the way, so that no zombie stays.
    """
    deadline = time.monotonic() + seconds
    return [pid for pid in pids if not _ended(pid, deadline)]


def end(pids: Collection[int], seconds: float) -> None:
    """The processes are gone: asked by SIGTERM, after so many seconds forced by SIGKILL."""
    send(signal.SIGTERM, pids)
    stubborn = wait_ended(pids, seconds)
    send(signal.SIGKILL, stubborn)
    wait_ended(stubborn, 10)


def _ended(pid: int, deadline: float) -> bool:
    """True once the process is gone, False where the deadline comes first."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        remaining_ms = max(0, int((deadline - time.monotonic()) * 1000))
        poller = select.poll()
        poller.register(handle, select.POLLIN)
        over = bool(poller.poll(remaining_ms))
    finally:
        os.close(handle)
    if over:
        reap(pid)
    return over


def reap(pid: int) -> None:
    """An ended child of ours leaves no zombie; other processes are not ours to reap."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ctrl-C has no effect inside, so that an impatient one does not cut a clean-up short.

    Commands that are run inside inherit this. Only the main thread can, and need, say so.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before or signal.SIG_DFL)


@contextmanager
def ending_in_order() -> Iterator[None]:
    """A block that SIGTERM and a closed terminal end like an exit, where nobody else sees to them.

    By themselves they end Python at once, and nothing of what `with` promises is done. Only the
    main thread can say so.
    """
    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    numbers = [getattr(signal, name) for name in names]
    if threading.current_thread() is not threading.main_thread():
        numbers = []
    numbers = [number for number in numbers if signal.getsignal(number) is signal.SIG_DFL]

    def end(number: int, frame: FrameType | None) -> None:
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)  # once is enough: the end is on its way
        raise SystemExit(128 + number)

    for number in numbers:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


def _process_ids() -> list[int]:
    """The ids of all processes; none where there is no /proc."""
    table = Path("/proc")
    names = [entry.name for entry in table.iterdir()] if table.is_dir() else []
    return [int(name) for name in names if name.isdecimal()]


def _read(pid: int, name: str) -> bytes:
    """A file of /proc/PID; empty where the process has gone (or is a zombie)."""
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""


def _namespace(pid: int | str, kind: str) -> str:
    """The namespace's identity, such as 'net:[4026531840]'; empty where it cannot be read."""
    try:
        return str(Path(f"/proc/{pid}/ns/{kind}").readlink())
    except OSError:
        return ""
