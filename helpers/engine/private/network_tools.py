"""`ip` and `iptables`: the machine's own where it has them, else those of an unpacked engine.

The machine's own come first because they speak to the packet filter that it uses, by nf_tables or
by the older interface. Where it has none, nobody uses either, and the kernel's answer decides.
"""

from __future__ import annotations

import functools
import re
import shlex
import subprocess
from pathlib import Path
from typing import Literal

from helpers.engine.debian.unpacked_tree import UnpackedTree
from helpers.engine.private.engine_release import EngineRelease
from helpers.engine.private.processes import program, run_command

Backend = Literal["nft", "legacy"]
_APPLETS = tuple(
    f"{family}tables{action}" for family in ("ip", "ip6") for action in ("", "-save", "-restore")
)


def run(*words: str, stdin: str | None = None) -> str:
    """What a short command prints; SetupFailed with its last line where it fails."""
    path = program(words[0])
    if path:
        return run_command(words, [path, *words[1:]], stdin)
    tree = _kept()
    return run_command(words, _of_tree(tree, words), stdin, tree.environment)


def backend() -> Backend:
    """How this machine's packet filter is spoken to."""
    own = program("iptables")
    if own is None:
        return _kernels_backend(_kept())
    done = subprocess.run([own, "--version"], capture_output=True, text=True, check=False)
    return "legacy" if re.match(r"iptables v1\.[0-7]\.|.*\(legacy\)", done.stdout) else "nft"


def link_iptables(folder: Path, chosen: Backend) -> None:
    """The folder has `iptables` and its kin, for a private engine's own PATH."""
    folder.mkdir(exist_ok=True)
    for name in _APPLETS:
        (folder / name).symlink_to(f"/usr/sbin/xtables-{chosen}-multi")


def write_absent(folder: Path, tree: UnpackedTree) -> None:
    """The folder has a script for each of the tools that this machine lacks, by its usual name.

    For the tests, which look at the machine as somebody at a terminal does.
    """
    folder.mkdir(exist_ok=True)
    variables = " ".join(f"{name}={shlex.quote(text)}" for name, text in tree.environment.items())
    for name in ("ip", *_APPLETS):
        (folder / name).unlink(missing_ok=True)
        if program(name) is None:
            command = shlex.join(_of_tree(tree, (name,)))
            (folder / name).write_text(f'#!/bin/sh\n{variables} exec {command} "$@"\n')
            (folder / name).chmod(0o755)


def _of_tree(tree: UnpackedTree, words: tuple[str, ...]) -> list[str]:
    if words[0] in _APPLETS:
        return tree.command(f"xtables-{_kernels_backend(tree)}-multi", *words)
    return tree.command(*words)


@functools.cache
def _kept() -> UnpackedTree:
    return EngineRelease().tree()


def _kernels_backend(tree: UnpackedTree) -> Backend:
    """nft where the kernel has nf_tables; found by a list of all tables, which makes none."""
    command = tree.command("xtables-nft-multi", "iptables-save")
    done = subprocess.run(command, env=dict(tree.environment), capture_output=True, check=False)
    return "nft" if done.returncode == 0 else "legacy"
