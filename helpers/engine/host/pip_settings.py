"""The pip settings of this machine that may stand in an image, which others may get to see.

Read from the files that pip's documentation names, in its order, without running pip.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from configparser import ConfigParser, Error
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

Settings = tuple[tuple[str, str], ...]
PIP_PREFIX = "pip's "
_URLS = ("index-url", "extra-index-url", "find-links", "proxy")
_NUMBERS = ("timeout", "retries")
# In a build nobody sees that pip waits; after a minute with no byte it had better ask again.
_MOST_SECONDS = 60.0
# What says where packages come from, or how they are reached.
_WAYS = (*_URLS, "no-index", "trusted-host", "client-cert")
_ALIASES = {"default-timeout": "timeout", "pypi-url": "index-url", "index": "index-url"}
# Paths under which indexes stand everywhere (PyPI's, devpi's, Artifactory's, Nexus's): any other
# may be a token. So may a name that is not made of words.
_NAME = r"[a-z]{1,20}(?:[-_.][a-z]{1,20}){0,3}"
# devpi's paths are USER/INDEX: its mirror of PyPI is the index `pypi` of its user `root`.
_DEVPI_MIRROR = "root/pypi"
_INDEXES = (
    rf"artifactory/api/pypi/{_NAME}",
    rf"(nexus/)?repository/{_NAME}",
    _DEVPI_MIRROR,
    rf"pypi(/{_NAME})?",
)
_PLAIN_PATH = re.compile(rf"(/({'|'.join(_INDEXES)}))?(/\+?simple|/wheels|/whl|/packages)?/?")
_PUBLIC_HOSTS = ("pypi.org", "pypi.python.org", "files.pythonhosted.org", "github.com")
_PLAIN_HOST = re.compile(r"[a-z0-9.-]+|\[[0-9a-f:.]+\]", re.IGNORECASE)


def pip_settings(
    environment: Mapping[str, str], files: tuple[Path, ...] | None = None
) -> tuple[Settings, tuple[str, ...]]:
    """The options to write into a pip.conf, and what was left out with the reason.

    A timeout is a minute at most. What is kept of an address is scheme, host, port and a path that
    indexes have everywhere. An address with anything else in it is not kept: it may hold a
    password, or a token.
    """
    settings = _read(environment, _files(environment) if files is None else files)
    kept: list[tuple[str, str]] = []
    left_out: list[str] = []
    for option in _URLS:
        urls = [_with_scheme(url, option) for url in settings.get(option, "").split()]
        reasons = {url: usable_url(url) or _unusable_path(url, option) for url in urls}
        left_out += [f"{PIP_PREFIX}{option}: {why}" for why in reasons.values() if why]
        if values := [url for url in urls if not reasons[url]]:
            kept.append((option, " ".join(values)))
    numbers = {option: settings.get(option, "").strip() for option in _NUMBERS}
    kept += [(name, _bounded(name, value)) for name, value in numbers.items() if _is_number(value)]
    if settings.get("trusted-host"):
        left_out.append(f"{PIP_PREFIX}trusted-host: it switches the check of certificates off")
    return tuple(kept), tuple(dict.fromkeys(left_out))


def pip_traces(
    environment: Mapping[str, str], files: tuple[Path, ...] | None = None
) -> tuple[str, ...]:
    """Texts by which settings of this machine's pip are known again, kept in images or not.

    The hosts of its addresses, loopback and those that all the world uses apart.
    """
    settings = _read(environment, _files(environment) if files is None else files)
    urls = [
        _with_scheme(url, option) for option in _URLS for url in settings.get(option, "").split()
    ]
    hosts = [url.partition("://")[2].partition("/")[0].rpartition("@")[2] for url in urls]
    texts = [f"//{host}" for host in hosts if not _is_everybodys(host)]
    texts += [f"@{host}" for host in hosts if not _is_everybodys(host)]
    if trusted := " ".join(settings.get("trusted-host", "").split()):
        texts.append(f"trusted-host = {trusted}")
    return tuple(dict.fromkeys(texts))


def pip_has_its_own_way(
    environment: Mapping[str, str], files: tuple[Path, ...] | None = None
) -> bool:
    """Whether pip was told where packages come from, which no other installer knows."""
    settings = _read(environment, _files(environment) if files is None else files)
    return any(settings.get(option, "").strip() for option in _WAYS)


def pip_certificates(environment: Mapping[str, str], files: tuple[Path, ...] | None = None) -> str:
    """The bundle of certificates that pip was told to trust; empty where it was told none."""
    return _read(environment, _files(environment) if files is None else files).get("cert", "")


def _is_everybodys(host: str) -> bool:
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    name = name.strip("[]")
    return not name or name.lower() in _PUBLIC_HOSTS or _is_loopback(name)


def usable_url(url: str) -> str:
    """Why that address cannot go into an image; empty where it can. Tells no password."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "it is not a web address"
    if parts.scheme not in ("http", "https"):
        return "it is a path on this machine"
    if "@" in parts.netloc:
        return f"the address at {host} has a password in it"
    if not host or _is_loopback(host):
        return "it is this machine's own loopback address"
    if not _PLAIN_HOST.fullmatch(parts.netloc.removesuffix(f":{parts.port}")):
        return "it is not a web address"
    if "?" in url or "#" in url:
        return f"the address at {host} has a query or a fragment, which may be a token"
    if not _PLAIN_PATH.fullmatch(parts.path):
        return f"the address at {host} has a path that may be a token"
    return ""


def proxy_url(url: str) -> str:
    """Why that proxy cannot go into an image; empty where it can. Tells no password."""
    return usable_url(_with_scheme(url, "proxy")) or _unusable_path(url, "proxy")


def _with_scheme(url: str, option: str) -> str:
    return f"http://{url}" if option == "proxy" and "://" not in url else url


def _unusable_path(url: str, option: str) -> str:
    """Why a proxy's address has a path too many; empty for all else."""
    parts = urlsplit(_with_scheme(url, option))
    if option != "proxy" or parts.path in ("", "/"):
        return ""
    return f"the address at {parts.hostname} has a path that may be a token"


def _is_number(text: str) -> bool:
    return text.isascii() and text.replace(".", "", 1).isdigit()


def _bounded(option: str, number: str) -> str:
    is_long = option == "timeout" and float(number) > _MOST_SECONDS
    return f"{_MOST_SECONDS:.0f}" if is_long else number


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
