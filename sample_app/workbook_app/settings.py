"""The app's settings, all from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class BadSetting(Exception):
    """A setting that the app cannot start with. Its text is one sentence for the operator."""


@dataclass(frozen=True)
class Settings:
    name: str = "World"
    host: str = "0.0.0.0"
    port: int = 80
    data: Path | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """What NAME, HOST, PORT and DATA say; an empty one counts as not given."""
        data = environment.get("DATA")
        return cls(
            name=_readable(environment.get("NAME") or cls.name),
            host=environment.get("HOST") or cls.host,
            port=_port(environment.get("PORT") or str(cls.port)),
            data=Path(data) if data else None,
        )


def _readable(text: str) -> str:
    """The text with bytes that are not UTF-8 replaced: they could not be sent in a page."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _port(text: str) -> int:
    """The port number; 0 means any free one."""
    if text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535:
        return int(text)
    raise BadSetting(f"PORT must be a whole number from 0 to 65535, not {text!r}.")
