"""The app's settings, all from the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MAX_DRAIN_SECONDS = 7


class BadSetting(Exception):
    """A setting that the app cannot start with. Its text is one sentence for the operator."""


@dataclass(frozen=True)
class Settings:
    name: str = "World"
    host: str = "0.0.0.0"
    port: int = 80
    data: Path | None = None
    version: str = "1"
    drain_seconds: int = 0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """What NAME, HOST, PORT, DATA, VERSION and DRAIN_SECONDS say; an empty one is not given."""
        data = environment.get("DATA")
        return cls(
            name=_readable(environment.get("NAME") or cls.name),
            host=environment.get("HOST") or cls.host,
            port=_port(environment.get("PORT") or str(cls.port)),
            data=Path(data) if data else None,
            version=_header(environment.get("VERSION") or cls.version),
            drain_seconds=_drain(environment.get("DRAIN_SECONDS") or str(cls.drain_seconds)),
        )


def _readable(text: str) -> str:
    """The text with bytes that are not UTF-8 replaced: they could not be sent in a page."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _header(text: str) -> str:
    """The version, fit to stand in a header of each answer."""
    if re.fullmatch(r"[!-~](?:[ -~]{0,38}[!-~])?", text):
        return text
    raise BadSetting(f"VERSION must be at most 40 printable ASCII characters, not {text!r}.")


def _drain(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= MAX_DRAIN_SECONDS:
        return int(text)
    raise BadSetting(
        f"DRAIN_SECONDS must be a whole number from 0 to {MAX_DRAIN_SECONDS}, not {text!r}."
    )


def _port(text: str) -> int:
    """The port number; 0 means any free one."""
    if text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535:
        return int(text)
    raise BadSetting(f"PORT must be a whole number from 0 to 65535, not {text!r}.")
