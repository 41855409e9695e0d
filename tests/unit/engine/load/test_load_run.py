"""A load against a server that answers by plan and counts: the same counts, the rate, the end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from statistics import median

import pytest

from helpers.engine.load import near, run
from helpers.engine.load.run import LoadRun
from helpers.errors import InvalidInput, SetupFailed
from helpers.model.load.plan import checked_plan
from helpers.model.load.reply import Reply
from helpers.model.load.target import Target
from tests.unit.planned_server import PlannedServer

EVERYTHING = (
    *("1", "2", "json", "1", "HTTP 500", "HTTP 503", "HTTP 404", "2", "reset", "timed out"),
    *("closed without an answer", "broken off in the middle", "not HTTP", "1", "1"),
)


def over(url: str, rate: float, seconds: float, **options: object) -> LoadRun:
    """A load that has run to its end."""
    load = LoadRun(checked_plan(url, rate, seconds, **options))  # type: ignore[arg-type]
    load.start()
    assert load.wait(seconds + 15)
    return load


def kinds(load: LoadRun) -> Counter[str]:
    """How many replies of each kind there were."""
    return Counter(load.tally.answers) + Counter(load.tally.failures)


def test_several_listen_until_they_have_enough() -> None:
    heard: list[str] = []
    with PlannedServer(("1",)) as server:
        load = LoadRun(checked_plan(server.url, 100, 0.3))
        end = load.listen(lambda _: heard.append("a"))
        load.listen(lambda _: heard.append("b"))
        end()
        end()
        load.start(lambda _: heard.append("c"))
        assert load.wait(15)
    assert set(heard) == {"b", "c"}


def test_it_counts_what_the_server_counts_at_the_rate_that_was_asked() -> None:
    with PlannedServer(EVERYTHING) as server:
        load = over(server.url, 200, 2, timeout=1.2)
        served = Counter({("3" if kind == "json" else kind): count
                          for kind, count in server.counts.items()})  # fmt: skip
    assert load.ended == run.OVER
    assert kinds(load) == served
    assert sum(served.values()) == 400
    # By medians of half a load each, whose middles are a second apart: a hiccup is no other rate.
    delays = [arrival - at / 200 for at, arrival in enumerate(server.arrivals)]
    drift = median(delays[200:]) - median(delays[:200])
    assert abs(drift) < 0.02, f"{200 / (1 + drift):.1f} a second"
    hung = [reply for reply in load.tally.replies if reply.failure == "timed out"]
    assert all(reply.latency_seconds >= 1.2 for reply in hung)


def test_a_server_that_hangs_slows_nothing_and_its_time_counts_from_when_it_was_due() -> None:
    with PlannedServer(["timed out"]) as server:
        load = over(server.url, 100, 0.5, timeout=0.5)
        assert len(server.arrivals) == 50
        assert server.arrivals[-1] - server.arrivals[0] < 1
    assert load.tally.failures == {"timed out": 50}


def test_nobody_listens_and_nobody_knows_the_name() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    assert over(f"http://127.0.0.1:{port}/", 50, 0.2).tally.failures == {"refused": 10}
    unknown = over("http://nobody.invalid/", 50, 0.2)
    assert unknown.tally.failures == {"no name": 10}
    assert unknown.tally.replies[0].words


def test_a_connection_is_kept_where_that_is_asked() -> None:
    with PlannedServer(["1"]) as server:
        assert over(server.url, 50, 0.2).tally.answers == {"1": 10}
        assert server.connections == 10
        assert over(server.url, 50, 0.2, keep_alive=True).tally.answers == {"1": 10}
        assert server.connections < 20


def test_its_end_waits_for_what_is_under_way_and_comes_once() -> None:
    heard: list[str] = []
    with PlannedServer(["1", "timed out"]) as server:
        load = LoadRun(checked_plan(server.url, 50, timeout=0.5))
        load.start(lambda now: heard.append(now.ended))
        assert load.is_running
        while not server.counts["timed out"]:
            time.sleep(0.01)
        load.stop()
        load.stop("again")
        assert kinds(load) == server.counts
    assert not load.is_running
    assert load.ended == heard[-1] == run.STOPPED


def test_it_ends_with_the_process_that_started_it() -> None:
    with PlannedServer(["1"]) as server:
        script = (
            "import os, sys; from helpers.engine.load.run import LoadRun\n"
            "from helpers.model.load.plan import checked_plan\n"
            f"load = LoadRun(checked_plan({server.url!r}, 50)); load.start()\n"
            "print(load._process.pid, flush=True); sys.stdin.read()"
        )
        words = [sys.executable, "-P", "-c", script]
        pipe = subprocess.PIPE
        with subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True) as owner:
            assert owner.stdout is not None
            sender = int(owner.stdout.readline())
            owner.kill()
        deadline = time.monotonic() + 10
        while alive(sender):
            assert time.monotonic() < deadline, "it still sends"
            time.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether there is such a process that has not ended."""
    import psutil

    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_sender_that_is_killed_is_reported() -> None:
    with PlannedServer(["1"]) as server:
        load = LoadRun(checked_plan(server.url, 50))
        load.start()
        assert load._process is not None
        load._process.send_signal(signal.SIGINT)  # a kernel's interrupt is not meant for it
        load._process.send_signal(signal.SIGKILL)
        assert load.wait(10)
    assert load.ended == run.GONE


@pytest.mark.skipif(os.name == "nt", reason="Windows begins no script of a shell")
def test_half_a_line_of_a_sender_that_is_killed_is_its_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    row = json.dumps([Reply(0, 0.0, 0.0, 0.1, 200).as_row()])
    sender = tmp_path / "sender"
    sender.write_text(
        f"#!/bin/sh\necho '{{\"began\": 1}}'\necho '{row}'\nprintf '[[1, 0.0'\nkill -9 $$\n"
    )
    sender.chmod(0o755)
    monkeypatch.setattr(run.sys, "executable", str(sender))
    load = LoadRun(checked_plan("http://127.0.0.1:9/", 1))
    load.start()
    assert load.wait(10)
    assert (load.ended, len(load.tally.replies)) == (run.GONE, 1)


def test_one_that_cannot_start_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run.sys, "executable", "/bin/true")
    with pytest.raises(SetupFailed, match="did not start"):
        LoadRun(checked_plan("http://127.0.0.1:9/", 1)).start()


def test_an_interrupt_before_it_has_begun_leaves_no_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(seconds: float) -> bool:
        raise KeyboardInterrupt

    load = LoadRun(checked_plan("http://127.0.0.1:9/", 1))
    monkeypatch.setattr(load._has_begun, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        load.start()
    assert load._process is not None
    assert not alive(load._process.pid)
    assert not load.is_running


def test_only_what_is_near_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    own = frozenset({"10.1.2.3"})
    for host in ("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "10.1.2.3", "localhost"):
        near.check_target(Target(host), own)
    for host in ("8.8.8.8", "10.1.2.4", "::ffff:8.8.8.8", "2001:db8::1"):
        with pytest.raises(InvalidInput, match=f"^{host} is neither this machine nor your engine"):
            near.check_target(Target(host), own)
    monkeypatch.setattr(near, "addresses_of", lambda host: ["127.0.0.1", "8.8.8.8"])
    with pytest.raises(InvalidInput, match=r"^far\.example \(8\.8\.8\.8\) is neither"):
        near.check_target(Target("far.example"), own)
    assert any(address.startswith("127.") for address in near.own_addresses())


def test_a_name_that_comes_to_lead_elsewhere_is_not_asked() -> None:
    load = LoadRun(checked_plan("http://192.0.2.7/", 50, 0.2))
    load.start()
    assert load.wait(10)
    assert load.tally.failures == {"not this machine": 10}
    first: Reply = load.tally.replies[0]
    assert (first.words, first.status) == ("192.0.2.7", 0)
