"""Parsers of what strangers send, tried on made-up input for as long as you like.

    python benchmarks/fuzz.py                  a minute in all
    python benchmarks/fuzz.py --minutes 60
    python benchmarks/fuzz.py --only tar       those with that word in their name

Each parser has a property test that hypothesis drives; here it is driven on and on, each one for
the same share of the time, with other input each time. Prints how many examples each got and what
was found; the exit code is 1 where something was. Every property test below tests/unit that takes
no fixture is among them.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
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
ROOT = Path(__file__).parent.parent


@dataclass
class Tally:
    """How many examples a property got, and what was found: the last lines of each failure."""

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


def properties() -> dict[str, Callable[[], None]]:
    """{its file and name: the test} of all that take nothing but what hypothesis gives."""
    found: dict[str, Callable[[], None]] = {}
    for file in sorted((ROOT / "tests/unit").rglob("test_*.py")):
        if "@given" not in file.read_text(encoding="utf-8"):
            continue
        module = importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
        for name, test in vars(module).items():
            if hasattr(test, "hypothesis") and not inspect.signature(test).parameters:
                found[f"{file.stem.removeprefix('test_')}: {name.removeprefix('test_')}"] = test
    return found


def report(tallies: Iterable[Tally]) -> int:
    """1 where something was found, which is printed."""
    is_found = 0
    for tally in tallies:
        print(
            f"{tally.name:96} {tally.examples:>9,} examples  {len(tally.found)} found", flush=True
        )
        for where, what in tally.found.items():
            is_found = 1
            print(f"    {where}\n" + "\n".join(f"        {line}" for line in what.splitlines()))
    return is_found


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--only", default="", help="a word of its name")
    chosen = parser.parse_args()
    settings.register_profile(
        "fuzz", max_examples=ROUND_EXAMPLES, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    settings.load_profile("fuzz")  # before the tests are loaded: each takes it over
    tests = {name: test for name, test in properties().items() if chosen.only in name}
    if not tests:
        parser.error(f"no property has {chosen.only!r} in its name")
    share = chosen.minutes * 60 / len(tests)
    return report(driven(name, test, share) for name, test in tests.items())


if __name__ == "__main__":
    sys.exit(main())
