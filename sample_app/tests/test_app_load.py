import time

import pytest
from flask.testing import FlaskClient
from workbook_app import leak as leak_module
from workbook_app.burn import burn
from workbook_app.leak import MAX_LEAK_MB, MB, Leak

BAD_NUMBERS = ["", "0", "-5", "1.5", "ten", "1e3", "٣", " 5", "1_0", "9" * 5000]


def test_burn_uses_the_cpu_time_it_was_asked_for() -> None:
    before = time.thread_time()
    told = burn(0.1)
    really = time.thread_time() - before
    assert 0.1 <= told <= really
    assert really < 0.15


def test_the_burn_page_tells_both_times(client: FlaskClient) -> None:
    before = time.thread_time()
    answer = client.get("/burn?ms=60").json
    assert answer is not None
    assert time.thread_time() - before >= 0.06
    assert 60 <= answer["cpu_ms"] <= answer["clock_ms"] + 1


@pytest.mark.parametrize("number", [*BAD_NUMBERS, "10001"])
def test_burn_is_bounded(client: FlaskClient, number: str) -> None:
    answer = client.get("/burn", query_string={"ms": number})
    sentence = "ms must be a whole number from 1 to 10000, as in /burn?ms=10."
    assert (answer.status_code, answer.json) == (400, {"error": sentence})


@pytest.mark.parametrize("number", [*BAD_NUMBERS, "257"])
def test_one_leak_is_bounded(client: FlaskClient, number: str) -> None:
    answer = client.get("/leak", query_string={"mb": number})
    sentence = "mb must be a whole number from 1 to 256, as in /leak?mb=10."
    assert (answer.status_code, answer.json) == (400, {"error": sentence})


@pytest.mark.parametrize("path", ["/burn", "/leak"])
def test_a_missing_number_is_told(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 400


def test_leaks_add_up_and_are_freed(client: FlaskClient) -> None:
    assert client.get("/leak?mb=2").json == {"leaked_mb": 2}
    assert client.get("/leak?mb=3").json == {"leaked_mb": 5}
    assert client.delete("/leak").json == {"freed_mb": 5}
    assert client.delete("/leak").json == {"freed_mb": 0}


def test_all_leaks_together_are_bounded(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MAX_LEAK_MB == 1024
    monkeypatch.setattr(leak_module, "MAX_LEAK_MB", 5)
    assert client.get("/leak?mb=5").status_code == 200
    answer = client.get("/leak?mb=1")
    sentence = "The leak may not pass 5 MB; DELETE /leak frees it."
    assert (answer.status_code, answer.json) == (409, {"error": sentence})
    client.delete("/leak")
    assert client.get("/leak?mb=5").status_code == 200


def test_no_more_memory_is_told(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(leak_module.mmap, "mmap", refuse)
    answer = client.get("/leak?mb=1")
    sentence = "The system gives this app no more memory; DELETE /leak frees some."
    assert (answer.status_code, answer.json) == (503, {"error": sentence})
    assert client.get("/healthz").status_code == 200


def test_a_leak_holds_exactly_what_it_was_given() -> None:
    leak = Leak()
    assert leak.grow(MB, 2 * MB)
    assert leak.grow(MB, 2 * MB)
    assert not leak.grow(1, 2 * MB)
    assert leak.size_bytes == 2 * MB
    assert leak.free() == 2 * MB
    assert leak.size_bytes == 0
