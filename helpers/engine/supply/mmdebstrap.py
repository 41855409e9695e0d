"""Running mmdebstrap, the tool that makes a tree of a Debian's packages."""

from __future__ import annotations

import os
import shlex
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from helpers.engine.base.pump import pumped
from helpers.engine.debian.signature import KEYRING
from helpers.engine.supply.image_tools import ImageTools, outside_usr
from helpers.errors import SetupFailed
from helpers.model.supply.bootstrap import BootstrapProgress
from helpers.model.supply.recipe import StandInRecipe

SUITE = "trixie"
MIRROR = "http://deb.debian.org/debian"
SCRIPTS = Path(__file__).with_name("stand_ins")
_MEMORY_NEEDED_BYTES = 1_500_000_000
_KEPT_LINES = 30
_PASSED_ON = ("http_proxy", "https_proxy", "no_proxy", "APT_CONFIG", "SSL_CERT_FILE")


@dataclass(frozen=True)
class WorkFolders:
    """The folders of one run: `out` gets the archive, `debs` keeps what was downloaded.

    `variables` is what the recipe's script is told of further ones.
    """

    out: Path
    debs: Path
    variables: Mapping[str, str] = field(default_factory=dict)


def bootstrap(
    recipe: StandInRecipe,
    work: WorkFolders,
    on_progress: Callable[[BootstrapProgress], None],
    cancelled: threading.Event,
    tools: ImageTools,
    mirror: str = MIRROR,
) -> None:
    """Leaves the recipe's archive as out/image.tar; raises SetupFailed, or Interrupted."""
    (work.out / "started").touch()
    (work.out / "tree").mkdir()
    progress = BootstrapProgress.of(compiles=bool(recipe.sources))
    last = deque[str](maxlen=_KEPT_LINES)
    with _running(command(recipe, work, tools, mirror), _environment(recipe, work)) as process:
        assert process.stderr is not None
        for line in pumped(process.stderr, cancelled):
            last.append(line.rstrip())
            if (after := progress.after(last[-1])) != progress:
                progress = after
                on_progress(progress)
        if process.wait() != 0:
            raise SetupFailed(f"mmdebstrap stopped while {progress.stage}: {complaint(last)}")


def command(recipe: StandInRecipe, work: WorkFolders, tools: ImageTools, mirror: str) -> list[str]:
    """The command line: mmdebstrap in mount and process namespaces of its own.

    Whatever it mounts or starts ends with them, also when it is killed. Its tree is in memory
    where there is enough, which makes dpkg twice as fast.
    """
    inner = shlex.join(_mmdebstrap(recipe, work, mirror))
    is_small = not (recipe.sources or recipe.part)
    if is_small and _free_memory_bytes() >= _MEMORY_NEEDED_BYTES:
        tree = shlex.quote(str(work.out / "tree"))
        inner = f"mount -t tmpfs -o mode=755,size=1g workbook {tree} && exec {inner}"
    namespaces = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    return [*namespaces, "sh", "-c", tools.taken(inner)]


def suite_of(recipe: StandInRecipe) -> str:
    """Debian's name of the suite that its packages are from."""
    return recipe.suite or SUITE


def complaint(lines: deque[str] | list[str]) -> str:
    """The line that says best why it failed."""
    errors = [
        line for line in lines if line.startswith(("E: ", "Err:", "W: Failed", "dpkg: error"))
    ]
    reason = next((line for line in errors if not line.startswith("E: setup failed")), "")
    return " ".join((reason or (lines[-1] if lines else "it said nothing")).split())


def _mmdebstrap(recipe: StandInRecipe, work: WorkFolders, mirror: str) -> list[str]:
    script = shlex.quote(str(outside_usr(SCRIPTS, work.out) / recipe.script))
    archives = '"$1"/var/cache/apt/archives'
    debs = f"mkdir -p {archives} && mount --bind {shlex.quote(str(work.debs))} {archives}"
    left_out = shlex.quote("".join(map(_seems_there, recipe.without)))
    hooks = (
        [f'--extract-hook=sh {script} "$1"']
        if recipe.variant == "extract"
        else [f'--extract-hook=sh {script} "$1" unpacked', f'--customize-hook=sh {script} "$1"']
    )
    suite, signed = suite_of(recipe), f"[signed-by={KEYRING}]"
    lines = [
        f"deb {signed} {mirror} {suite} main",
        f"deb {signed} {mirror.removesuffix('/')}-security {suite}-security main",
        *([f"deb-src {signed} {mirror} {suite} main"] if recipe.sources else []),
    ]
    return [
        *("mmdebstrap", "--verbose", "--mode=root", f"--variant={recipe.variant}"),
        *("--format=null", f"--include={','.join(recipe.packages)}"),
        *('--aptopt=APT::Install-Recommends "false"', '--aptopt=Acquire::Languages "none"'),
        *("--skip=download/empty,essential/unlink,cleanup,check/empty", f"--setup-hook={debs}"),
        f'--setup-hook=printf %s {left_out} >> "$1"/var/lib/dpkg/status',
        *hooks,
        *(suite, "/dev/null", *lines),
    ]


def _seems_there(package: str) -> str:
    """An entry of dpkg's status by which apt takes the package for one that is installed."""
    status = ("Status: install ok installed", "Architecture: all", "Version: 9999:0")
    about = ("Maintainer: none", "Description: left out")
    return "\n".join((f"Package: {package}", *status, *about, "\n"))


def _environment(recipe: StandInRecipe, work: WorkFolders) -> dict[str, str]:
    passed = {key: os.environ[key] for key in _PASSED_ON if key in os.environ}
    return passed | {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": "/root",
        "LC_ALL": "C.UTF-8",
        "PYTHONSAFEPATH": "1",
        "TMPDIR": str(work.out / "tree"),
        "WORKBOOK_OUT": str(work.out),
        "WORKBOOK_SUITE": suite_of(recipe),
        "WORKBOOK_PACKAGES": " ".join(recipe.labelled_packages),
        **work.variables,
    }


@contextmanager
def _running(words: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """The process, which is dead with all of its children when the block ends."""
    with subprocess.Popen(
        words,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _free_memory_bytes() -> int:
    """What may still be used: the machine's available memory, or less in a limited container."""
    free = [
        int(line.split()[1]) * 1024
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        if line.startswith("MemAvailable:")
    ]
    for limit, used in (
        ("memory.max", "memory.current"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
    ):
        group = Path("/sys/fs/cgroup")
        try:
            free.append(int((group / limit).read_text()) - int((group / used).read_text()))
        except (OSError, ValueError):
            continue
    return min(free, default=0)
