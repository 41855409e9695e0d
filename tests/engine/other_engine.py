"""An engine of another kind or release beside the one that is tested, with busybox on it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from docker import DockerClient

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.connection.client import open_client
from tests.engine.conftest import BUSYBOX
from tests.engines.tested_engine import TestedEngine


@contextmanager
def other_engine(
    kind: TestedEngine, outer: DockerClient, folder: Path
) -> Iterator[tuple[DockerClient, Endpoint]]:
    """A client of it, as long as the block runs; nothing of it is left afterwards."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("an engine beside the tested one needs root, on Linux")
    with kind.running(folder) as endpoint, closing(open_client(endpoint)) as client:
        client.images.load(b"".join(outer.images.get(BUSYBOX).save(named=True)))
        yield client, endpoint
