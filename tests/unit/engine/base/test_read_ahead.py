"""A stream that another thread reads ahead."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from helpers.engine.base.read_ahead import NAME, read_ahead
from helpers.errors import UnreadableImage

WAIT_SECONDS = 30


def readers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == NAME]


@pytest.fixture(autouse=True)
def none_is_left() -> Iterator[None]:
    before = set(readers())
    yield
    assert set(readers()) <= before


def nothing() -> None:
    """There is no line to hang up."""


@pytest.mark.parametrize("most_pieces", [1, 2, 100])
def test_all_pieces_come_in_their_order(most_pieces: int) -> None:
    pieces = [b"%d" % number for number in range(50)]
    with read_ahead(pieces, nothing, most_pieces) as taken:
        assert list(taken) == pieces


def test_it_reads_ahead_so_far_and_no_further() -> None:
    made, is_ahead = [0], threading.Event()

    def source() -> Iterator[bytes]:
        for number in range(5000):
            made[0] = number + 1
            if number == 4:
                is_ahead.set()
            yield b"x"

    with read_ahead(source(), nothing, 4) as pieces:
        assert is_ahead.wait(WAIT_SECONDS)
        for taken, _ in enumerate(pieces, start=1):
            assert made[0] <= taken + 4 + 1
    assert made[0] == 5000


@pytest.mark.parametrize("error", [UnreadableImage("It broke off."), OSError("gone"), SystemExit()])
def test_what_the_source_raises_comes_after_what_it_gave(error: BaseException) -> None:
    def source() -> Iterator[bytes]:
        yield b"a"
        raise error

    with read_ahead(source(), nothing) as pieces:
        assert next(pieces) == b"a"
        with pytest.raises(type(error)) as raised:
            next(pieces)
        assert raised.value is error


def test_a_source_that_waits_is_hung_up() -> None:
    hung_up, is_waiting = threading.Event(), threading.Event()

    def source() -> Iterator[bytes]:
        yield b"a"
        is_waiting.set()
        assert hung_up.wait(WAIT_SECONDS)
        raise OSError("hung up")

    with read_ahead(source(), hung_up.set) as pieces:
        assert next(pieces) == b"a"
        assert is_waiting.wait(WAIT_SECONDS)
    assert hung_up.is_set()


def test_an_endless_source_ends_with_the_block() -> None:
    def source() -> Iterator[bytes]:
        while True:
            yield b"x"

    def interrupted() -> None:
        with read_ahead(source(), nothing, 2) as pieces:
            next(pieces)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
