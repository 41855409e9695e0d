"""How the engine is told to look after a container's health."""

from __future__ import annotations

import re

from helpers.errors import InvalidInput

_PARTS = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s)")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


def parse_seconds(text: str | float) -> float:
    """The seconds that a duration means to `docker run`: '1s', '500ms', '1m30s', or a number.

    Raises InvalidInput for anything else. Source: Go, time.ParseDuration.
    """
    if isinstance(text, int | float):
        return float(text)
    parts = _PARTS.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise InvalidInput(f"{text!r} is no duration.", "Write '2s', '500ms' or '1m30s'.")
    return sum(float(number) * _SECONDS[unit] for number, unit in parts)


def health_check(
    command: str | None,
    interval: str | float | None,
    timeout: str | float | None,
    retries: int | None,
    start_period: str | float | None,
) -> dict[str, object] | None:
    """The check in the Engine API's form, times in nanoseconds; None where nothing was said."""
    times = {"interval": interval, "timeout": timeout, "start_period": start_period}
    settings: dict[str, object] = {
        name: round(parse_seconds(value) * 1e9)
        for name, value in times.items()
        if value is not None
    }
    if command is not None:
        settings["test"] = ["CMD-SHELL", command]
    if retries is not None:
        settings["retries"] = retries
    return settings or None
