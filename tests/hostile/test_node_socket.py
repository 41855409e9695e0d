"""Another account of this machine at the socket that leads to a node's engine."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from helpers.engine.node.road import NodeRoad
from tests.hostile.local_user import NOBODY, is_root


def is_writable(path: Path) -> bool:
    """Whether that account may write there, which is what connecting to a socket needs."""
    account = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    words = [*account, "test", "-w", str(path)]
    return subprocess.run(words, check=False).returncode == 0


@pytest.mark.skipif(not is_root(), reason="another account can be played by root alone")
def test_the_folder_keeps_another_account_out() -> None:
    road = NodeRoad(["cat"], dict(os.environ))
    socket = Path(road.host.removeprefix("unix://"))
    try:
        socket.chmod(0o666)
        assert not is_writable(socket)
        socket.parent.chmod(0o755)
        assert is_writable(socket)
    finally:
        road.close()
