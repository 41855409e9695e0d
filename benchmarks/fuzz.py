"""Parsers of what strangers send, tried on made-up input for as long as you like.

    python benchmarks/fuzz.py                  a minute in all
    python benchmarks/fuzz.py --minutes 60
    python benchmarks/fuzz.py --only tar       those with that word in their name

Each parser has a property test that hypothesis drives; here it is driven on and on, each parser
for the same share of the time, with other input each time. Prints how many examples each parser
got and what was found; the exit code is 1 where something was.

A parser of yours is one line in PROPERTIES: its name, and the test, which takes no fixture.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
from hypothesis import HealthCheck, settings

ROUND_EXAMPLES = 200
PROPERTIES: dict[str, str] = {
    "tar headers": "engine.archive.test_tar_members:"
    "test_any_bytes_are_read_or_refused_and_in_any_chunks_alike",
    "tar, as Python writes it": "engine.archive.test_tar_members:"
    "test_what_python_writes_is_read_as_it_was_meant",
    "layers, against the kernel": "engine.layers.test_layer_tree:"
    "test_the_kernel_has_the_same_of_any_members",
    "image manifests and configs": "engine.archive.test_image_archives:"
    "test_any_manifest_and_config_give_an_image_or_the_workbooks_own_error",
    "zstd frames": "engine.archive.test_packed_streams:test_frames_of_all_kinds_are_read_whole",
    "packed streams, damaged": "engine.archive.test_packed_streams:"
    "test_damaged_anywhere_it_is_read_or_refused",
}


@dataclass
class Tally:
    """How many examples a parser got, and what was found: the last lines of each failure."""

    name: str
    examples: int = 0
    found: dict[str, str] = field(default_factory=dict)


def driven(name: str, test: Callable[[], None], seconds: float) -> Tally:
    """What comes of that test, run again and again for so long, and once at the least."""
    tally, end = Tally(name), time.monotonic() + seconds
    handle: Any = test.hypothesis  # type: ignore[attr-defined]
    inner = handle.inner_test

    def counted(*arguments: Any, **named: Any) -> None:
        tally.examples += 1
        inner(*arguments, **named)

    handle.inner_test = counted
    try:
        while True:
            if failure := failed(test):
                tally.found.setdefault(*failure)
            if time.monotonic() >= end:
                return tally
    finally:
        handle.inner_test = inner


def failed(test: Callable[[], None]) -> tuple[str, str] | None:
    """What one round found, by where it failed; None for nothing."""
    try:
        test()
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        own = next((one for one in reversed(frames) if "helpers" in one.filename), frames[-1])
        where = f"{Path(own.filename).name}:{own.lineno} {type(error).__name__}"
        return where, "\n".join([str(error)[:500], *getattr(error, "__notes__", [])])
    return None


def loaded(place: str) -> Callable[[], None]:
    """The property test at that place below tests.unit."""
    module, _, name = place.partition(":")
    test: Callable[[], None] = getattr(importlib.import_module(f"tests.unit.{module}"), name)
    return test


def report(tallies: Iterable[Tally]) -> int:
    """1 where something was found, which is printed."""
    is_found = 0
    for tally in tallies:
        print(
            f"{tally.name:40} {tally.examples:>9,} examples  {len(tally.found)} found", flush=True
        )
        for where, what in tally.found.items():
            is_found = 1
            print(f"    {where}\n" + "\n".join(f"        {line}" for line in what.splitlines()))
    return is_found


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--only", default="", help="a word of the parser's name")
    chosen = parser.parse_args()
    settings.register_profile(
        "fuzz", max_examples=ROUND_EXAMPLES, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    settings.load_profile("fuzz")  # before the tests are loaded: each takes it over
    places = {name: place for name, place in PROPERTIES.items() if chosen.only in name}
    if not places:
        parser.error(f"no parser has {chosen.only!r} in its name: {', '.join(PROPERTIES)}")
    share = chosen.minutes * 60 / len(places)
    return report(driven(name, loaded(place), share) for name, place in places.items())


if __name__ == "__main__":
    sys.exit(main())
