"""Which database keeps the items, by the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from workbook_app.settings import BadSetting

from .host_name import is_host

_URL_WANTED = (
    "DATABASE_URL must be like postgresql://user:password@host:5432/database, with nothing behind;"
    " in a password @ is written %40, / %2F, ? %3F, # %23 and % %25."
)
_SCHEMES = {"postgresql", "postgres"}


@dataclass(frozen=True)
class Database:
    """A PostgreSQL database, and as whom to use it."""

    host: str
    port: int = 5432
    user: str = "postgres"
    password: str | None = field(default=None, repr=False)
    name: str = "postgres"

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"database {self.name} at {host}:{self.port}"


def database_from(environment: Mapping[str, str]) -> Database | None:
    """The database that DATABASE_URL, or else POSTGRES_HOST, names; None where neither does.

    With POSTGRES_HOST go POSTGRES_PORT and the variables that the image of PostgreSQL itself takes:
    POSTGRES_USER, POSTGRES_DB and POSTGRES_PASSWORD, or the file that POSTGRES_PASSWORD_FILE
    names. So one env_file does for both. A URL without a password takes that one, too.
    """
    url, host = environment.get("DATABASE_URL"), environment.get("POSTGRES_HOST")
    if url and host:
        raise BadSetting("Give DATABASE_URL or POSTGRES_HOST, not both: each names a database.")
    if url:
        return _database_of(url, _password(environment))
    if not host:
        return None
    if not is_host(host):
        raise BadSetting(f"POSTGRES_HOST must be the name or address of a host, not {host!r}.")
    user = environment.get("POSTGRES_USER") or Database.user
    return Database(
        host,
        _port(environment.get("POSTGRES_PORT") or str(Database.port)),
        user,
        _password(environment),
        environment.get("POSTGRES_DB") or user,
    )


def _database_of(url: str, password: str | None) -> Database:
    """Nothing of a URL that is wrong is told: a password may stand anywhere in it."""
    try:
        parts = urlsplit(url)
        port = parts.port or Database.port
    except ValueError:
        raise BadSetting(_URL_WANTED) from None
    host, name = parts.hostname or "", parts.path.removeprefix("/")
    torn = parts.netloc.count("@") > 1 or parts.query or parts.fragment or {*name} & {*"/@"}
    if parts.scheme not in _SCHEMES or not is_host(host) or torn:
        raise BadSetting(_URL_WANTED)
    user = unquote(parts.username or Database.user)
    given = unquote(parts.password) if parts.password else password
    return Database(host, port, user, given, unquote(name) or user)


def _password(environment: Mapping[str, str]) -> str | None:
    text, file = environment.get("POSTGRES_PASSWORD"), environment.get("POSTGRES_PASSWORD_FILE")
    if text and file:
        raise BadSetting("Give POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE, not both.")
    if not file:
        return text or None
    try:
        return Path(file).read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        reason = error.strerror or str(error)
    except ValueError:
        reason = "it is no text"
    raise BadSetting(f"The file {file!r} of POSTGRES_PASSWORD_FILE cannot be read: {reason}.")


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 65535:
        return int(text)
    raise BadSetting(f"POSTGRES_PORT must be a whole number from 1 to 65535, not {text!r}.")
