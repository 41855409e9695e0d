"""Which users of the host a container's users are (user_namespaces(7), `/proc/PID/uid_map`)."""

from __future__ import annotations

from dataclasses import dataclass

WHOLE = 2**32 - 1


@dataclass(frozen=True)
class IdRange:
    """So many numbers in a row: `inside` is `outside` to the reader's user namespace, and so on."""

    inside: int
    outside: int
    count: int


def parse_user_map(text: str) -> tuple[IdRange, ...] | None:
    """The ranges that the text lists; None where it is no such list."""
    ranges = []
    for line in text.splitlines():
        words = line.split()
        if not words:
            continue
        if len(words) != 3 or not all(w.isascii() and w.isdigit() and len(w) < 11 for w in words):
            return None
        ranges.append(IdRange(*map(int, words)))
    return tuple(ranges) or None


def is_identity(ranges: tuple[IdRange, ...]) -> bool:
    """Whether each user is the user of the same number outside, the whole way."""
    return ranges == (IdRange(0, 0, WHOLE),)


def outside_of(user: int, ranges: tuple[IdRange, ...]) -> int | None:
    """The number that this user of the container has outside; None where it has none."""
    for each in ranges:
        if each.inside <= user < each.inside + each.count:
            return each.outside + user - each.inside
    return None
