"""Acts that try capabilities leave this machine as it was, also where all of them are allowed."""

from __future__ import annotations

import os
import sys

import pytest

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.connection.client import find_client
from helpers.engine.docker import Docker
from helpers.engine.private import PrivateEngine
from helpers.engine.supply import ImageSupply
from helpers.model.isolation.trial import Outcome
from tests.engine.conftest import BUSYBOX
from tests.engine.isolation_kit import counted, everything, tried, unharmed_machine

pytestmark = [
    pytest.mark.engine,
    pytest.mark.slow,
    pytest.mark.skipif(
        not sys.platform.startswith("linux") or os.geteuid() != 0,
        reason="a private engine needs Linux and root",
    ),
]
# With the right there each of these could change the machine, were it not asked for so.
OF_THE_HOST = {"SYS_TIME", "SYSLOG", "NET_ADMIN", "SYS_ADMIN", "SYS_PTRACE", "SYS_NICE", "MKNOD"}


def test_no_act_hurts_the_host_where_everything_is_allowed(engine: PrivateEngine) -> None:
    """All rights that this machine can give, no filter, and the host's own namespaces."""
    with engine.lease():
        client, endpoint = find_client([Endpoint(engine.host, "a test")])
        ImageSupply(client, allow_stand_ins=True).ensure(BUSYBOX)
        with unharmed_machine():
            trials = tried(Docker(client, endpoint, "tests"), "", everything())
        client.close()
    assert counted(trials, Outcome.ALLOWED) >= OF_THE_HOST
