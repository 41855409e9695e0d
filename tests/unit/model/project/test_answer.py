"""Lines of logs that tell of a first answer, and those that do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.model.project.answer import LONGEST, AnswerSearch

SECOND = "2026-11-30T18:47:{:02}.5Z"
# What an entry point writes while it makes a database, and then the server that is there to stay.
POSTGRESQL = (
    'LOG:  listening on Unix socket "/var/run/postgresql/.s.PGSQL.5432"',
    "LOG:  database system is ready to accept connections",
    "LOG:  received fast shutdown request",
    "LOG:  database system is shut down",
    "PostgreSQL init process complete; ready for start up.",
    'LOG:  listening on IPv4 address "0.0.0.0", port 5432',
    "LOG:  database system was shut down at 2026-11-30 18:47:03 UTC",
    "LOG:  database system is ready to accept connections",
)


def search(*lines: str) -> AnswerSearch:
    looked = AnswerSearch()
    for at, line in enumerate(lines):
        looked.read(f"{SECOND.format(at)} {line}")
    return looked


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('10.0.0.2 "GET /items 200" 9 B', ""),
        ('10.0.0.2 "GET /items" 200 9 B 0.4 ms', '"GET /items" 200'),
        ('1.2.3.4 - - [30/Nov/2026:18:47:01 +0000] "GET / HTTP/1.1" 304 0', '"GET / HTTP/1.1" 304'),
        ('INFO: 1.2.3.4:5 - "POST /a HTTP/1.1" 404 Not Found', '"POST /a HTTP/1.1" 404'),
        ('"GET /health HTTP/1.1" 503 5', ""),
        ('"GET /x HTTP/1.1" 2000', ""),
        ("GET /x HTTP/1.1 200", ""),
        ("Listening on http://0.0.0.0:8000", ""),
    ],
)
def test_a_request_that_was_answered(line: str, words: str) -> None:
    first = search("Starting", line).first
    assert (first.words if first else "") == words


def test_the_time_is_the_engines() -> None:
    looked = search("Starting", '"GET / HTTP/1.1" 200', '"GET /later HTTP/1.1" 200')
    assert looked.first is not None
    assert looked.first.at % 60 == 1.5
    assert looked.first.words == '"GET / HTTP/1.1" 200'


def test_postgresql_is_ready_where_others_reach_it() -> None:
    first = search(*POSTGRESQL).first
    assert first is not None
    assert first.at % 60 == 7.5
    assert search(*POSTGRESQL[:7]).first is None
    assert search(*POSTGRESQL[:2]).first is None


@given(st.lists(st.text(max_size=300) | st.sampled_from([*POSTGRESQL, '"GET / HTTP/1.1" 200'])))
def test_any_log_is_read(lines: list[str]) -> None:
    looked = search(*lines[:60])
    for line in lines:
        looked.read(line)
    assert looked.first is None or len(looked.first.words) <= LONGEST
