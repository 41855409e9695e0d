"""The pip settings of this machine that make sense in a container.

Read from the places that pip's documentation names, in its order, without running pip.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from configparser import ConfigParser, Error
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

Settings = tuple[tuple[str, str], ...]
PIP_PREFIX = "pip's "
_URLS = ("index-url", "extra-index-url", "find-links", "proxy")
_WORDS = ("trusted-host", "timeout", "retries")
_ALIASES = {"default-timeout": "timeout", "pypi-url": "index-url", "index": "index-url"}


def pip_settings(
    environment: Mapping[str, str], files: tuple[Path, ...] | None = None
) -> tuple[Settings, tuple[str, ...]]:
    """The options to write into a pip.conf, and what was left out with the reason.

    No address of this machine's own disk or loopback, and none with a password in it, is kept.
    """
    settings = _read(environment, _files(environment) if files is None else files)
    kept: list[tuple[str, str]] = []
    left_out: list[str] = []
    for option in _URLS:
        values = []
        for url in settings.get(option, "").split():
            reason = usable_url(url if option != "proxy" or "://" in url else f"http://{url}")
            if reason:
                left_out.append(f"{PIP_PREFIX}{option}: {reason}")
            else:
                values.append(url)
        if values:
            kept.append((option, " ".join(values)))
    words = {option: " ".join(settings.get(option, "").split()) for option in _WORDS}
    kept += [(option, value) for option, value in words.items() if value]
    return tuple(kept), tuple(dict.fromkeys(left_out))


def usable_url(url: str) -> str:
    """Why that address cannot go into an image; empty where it can. Tells no password."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return "it is not a web address"
    if parts.scheme not in ("http", "https"):
        return "it is a path on this machine"
    if parts.username is not None or parts.password is not None:
        return f"the address at {host} has a password in it"
    if not host or _is_loopback(host):
        return "it is this machine's own loopback address"
    return ""


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _read(environment: Mapping[str, str], files: tuple[Path, ...]) -> dict[str, str]:
    settings: dict[str, str] = {}
    for path in files:
        settings |= _in_file(path)
    for key, value in environment.items():
        if key.startswith("PIP_") and value:
            settings |= _setting(key.removeprefix("PIP_"), value)
    return settings


def _in_file(path: Path) -> dict[str, str]:
    parser = ConfigParser(interpolation=None, strict=False)
    try:
        parser.read(path, encoding="utf-8")
    except (Error, OSError, UnicodeDecodeError):
        return {}
    settings: dict[str, str] = {}
    for section in ("global", "install", "download"):
        if parser.has_section(section):
            for key, value in parser.items(section):
                settings |= _setting(key, value)
    return settings


def _setting(key: str, value: str) -> dict[str, str]:
    name = key.lower().replace("_", "-")
    return {_ALIASES.get(name, name): value}


def _files(environment: Mapping[str, str]) -> tuple[Path, ...]:
    return tuple(_locations(environment))


def _locations(environment: Mapping[str, str]) -> Iterator[Path]:
    """pip's configuration files, the last of which wins: global, user, site, PIP_CONFIG_FILE."""
    chosen = environment.get("PIP_CONFIG_FILE", "")
    if chosen == os.devnull:
        return
    home = Path(environment.get("HOME") or Path.home())
    if sys.platform == "win32":
        yield Path(environment.get("PROGRAMDATA", "C:\\ProgramData")) / "pip" / "pip.ini"
        yield home / "pip" / "pip.ini"
        yield Path(environment.get("APPDATA", home)) / "pip" / "pip.ini"
        yield Path(sys.prefix) / "pip.ini"
    else:
        for folder in reversed((environment.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":")):
            yield Path(folder) / "pip" / "pip.conf"
        yield Path("/etc/pip.conf")
        yield home / ".pip" / "pip.conf"
        yield Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "pip" / "pip.conf"
        yield Path(sys.prefix) / "pip.conf"
    if chosen:
        yield Path(chosen)
