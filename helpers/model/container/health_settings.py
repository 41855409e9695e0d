"""How the engine is told to look after a container's health."""

from __future__ import annotations

from helpers.model.text.durations import parse_nanoseconds


def health_check(
    command: str | None,
    interval: str | None,
    timeout: str | None,
    retries: int | None,
    start_period: str | None,
) -> dict[str, object] | None:
    """The check in the Engine API's form, times in nanoseconds; None where nothing was said."""
    times = {"interval": interval, "timeout": timeout, "start_period": start_period}
    settings: dict[str, object] = {
        name: parse_nanoseconds(value) for name, value in times.items() if value is not None
    }
    if command is not None:
        settings["test"] = ["CMD-SHELL", command]
    if retries is not None:
        settings["retries"] = retries
    return settings or None
