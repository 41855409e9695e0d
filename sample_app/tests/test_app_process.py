import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from running_app import RunningApp, needs_signals, start, wait_for

BURN_RUNS = 'http_requests_in_progress{method="GET",route="/burn"}'


def test_answers_and_logs_on_stdout(running_app: RunningApp) -> None:
    status, page = running_app.ask("GET", "/")
    assert (status, "Hello Tester!" in page) == (200, True)
    assert running_app.process.stdout is not None
    assert running_app.process.stdout.readline().startswith('127.0.0.1 "GET /" 200 ')


@needs_signals
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_app_stops_at_once_with_status_0(running_app: RunningApp, number: int) -> None:
    running_app.ask("GET", "/")
    status, seconds, output = running_app.stop(number)
    assert status == 0
    assert seconds < 1
    assert output.splitlines()[-1] == "Stopped with 0 requests cut off"


@needs_signals
def test_requests_in_flight_are_finished_and_then_it_exits_with_0(running_app: RunningApp) -> None:
    answers: list[tuple[int, str]] = []
    burning = threading.Thread(
        target=lambda: answers.append(running_app.ask("GET", "/burn?ms=1500"))
    )
    burning.start()
    wait_for(lambda: running_app.metric(BURN_RUNS) == 1)
    running_app.process.send_signal(signal.SIGTERM)
    wait_for(lambda: running_app.ask("GET", "/healthz") == (503, '{"status":"stopping"}\n'))
    assert not answers, "the burn ended before the stop began: nothing was shown"
    burning.join()
    assert running_app.process.wait(10) == 0
    (status, body), *_ = answers
    assert status == 200
    assert '"cpu_ms":' in body
    with pytest.raises(ConnectionRefusedError):
        running_app.ask("GET", "/")


@needs_signals
def test_a_client_that_only_keeps_a_connection_does_not_hold_up_the_stop(
    running_app: RunningApp,
) -> None:
    with socket.create_connection(("127.0.0.1", running_app.port)) as half:
        half.sendall(b"GET / HTTP/1.1\r\nHost: ")
        kept = running_app.connect()
        kept.request("GET", "/")
        assert kept.getresponse().read()
        status, seconds, _ = running_app.stop()
        kept.close()
    assert status == 0
    assert seconds < 2


@needs_signals
def test_no_request_that_reached_it_is_lost_when_it_stops_under_load(
    running_app: RunningApp,
) -> None:
    seen: list[int] = []

    def ask_until_refused() -> None:
        # A reset is a client that knocked in the very moment in which the door was closed.
        with suppress(ConnectionRefusedError, ConnectionResetError):
            while True:
                seen.append(running_app.ask("GET", "/")[0])

    askers = [threading.Thread(target=ask_until_refused) for _ in range(6)]
    for asker in askers:
        asker.start()
    wait_for(lambda: len(seen) > 100)
    status, _, output = running_app.stop()
    for asker in askers:
        asker.join()
    assert status == 0, output
    assert set(seen) == {200}
    assert output.count('"GET /"') == len(seen)


@needs_signals
def test_two_signals_are_one_stop(running_app: RunningApp) -> None:
    running_app.process.send_signal(signal.SIGINT)
    status, seconds, _ = running_app.stop()
    assert status == 0
    assert seconds < 2


@needs_signals
def test_items_in_a_folder_survive_a_restart(tmp_path: Path) -> None:
    for expected in ("[]", '[{"id":1,"name":"tea"}]'):
        app = RunningApp(DATA=str(tmp_path))
        try:
            assert app.ask("GET", "/items")[1].strip() == expected
            app.ask("POST", "/items", '{"name": "tea"}')
            assert app.stop()[0] == 0
        finally:
            app.close()


@pytest.mark.skipif(sys.platform != "linux", reason="process metrics are read from /proc")
def test_a_leak_is_really_resident_and_really_freed(running_app: RunningApp) -> None:
    resident = "process_resident_memory_bytes"
    before = running_app.metric(resident)
    assert before > 5e6
    running_app.ask("GET", "/leak?mb=80")
    assert running_app.metric(resident) - before == pytest.approx(80e6, rel=0.05)
    running_app.ask("DELETE", "/leak")
    assert running_app.metric(resident) - before < 8e6


@pytest.mark.skipif(sys.platform != "linux", reason="process metrics are read from /proc")
def test_burnt_time_is_the_process_own(running_app: RunningApp) -> None:
    before = running_app.metric("process_cpu_seconds_total")
    running_app.ask("GET", "/burn?ms=400")
    assert 0.38 <= running_app.metric("process_cpu_seconds_total") - before < 0.7


def test_two_burns_run_side_by_side(running_app: RunningApp) -> None:
    burning = [
        threading.Thread(target=running_app.ask, args=("GET", "/burn?ms=600")) for _ in range(2)
    ]
    for thread in burning:
        thread.start()
    wait_for(lambda: running_app.metric(BURN_RUNS) == 2)
    start_time = time.monotonic()
    assert running_app.ask("GET", "/healthz")[0] == 200
    assert time.monotonic() - start_time < 0.5
    for thread in burning:
        thread.join()


def _fails(**environment: str) -> str:
    """What it said when it could not start."""
    output, errors = start(**environment).communicate(timeout=20)
    assert output == ""
    assert "Traceback" not in errors
    return errors.strip()


def test_a_taken_port_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        message = _fails(PORT=str(port))
    assert message.startswith(f"Cannot listen on 127.0.0.1 port {port}: ")
    assert message.endswith("in use.")


def test_bad_settings_are_told(tmp_path: Path) -> None:
    assert _fails(PORT="web") == "PORT must be a whole number from 0 to 65535, not 'web'."
    assert _fails(HOST="no.such.host.invalid").startswith("Cannot listen on no.such.host.invalid")
    (tmp_path / "file").write_text("in the way")
    assert _fails(DATA=str(tmp_path / "file")).startswith("DATA cannot be the folder ")
