"""The values of options as learners write them, each read once into the one form that is used.

What the docker command would take as a word is taken: a number or a path for a text, a text for a
number, one text for a list of one, a list of `KEY=value` for a table. All else is an InvalidInput.
Sources: docker/cli, opts and cli/command/container/opts.go; Go's strconv.ParseBool.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from fractions import Fraction
from pathlib import Path, PurePath
from typing import Any

from helpers.errors import InvalidInput
from helpers.model.text.command_line import as_word

_SWITCHES = {
    **dict.fromkeys(("1", "t", "T", "TRUE", "true", "True"), True),
    **dict.fromkeys(("0", "f", "F", "FALSE", "false", "False"), False),
}
_SEQUENCES = (list, tuple, set, frozenset)
_NANO = 10**9


def text_of(name: str, value: object) -> str | None:
    """The text; None where nothing was said."""
    if value is None:
        return None
    if isinstance(value, bool):
        raise InvalidInput(f"{name}={value} is no text.", f"Write {name}='…'.")
    return as_word(value, f"{name}=")


def switch_of(name: str, value: object) -> bool:
    """Whether it is on, in any of the ways in which `--read-only=…` may say so."""
    wanted = _SWITCHES.get(str(value))
    if value is not None and wanted is None:
        raise InvalidInput(f"{name}={value!r} is neither on nor off.", f"Write {name}=True.")
    return bool(wanted)


def count_of(name: str, value: object) -> int | None:
    """The whole number; None where nothing was said."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    try:
        if isinstance(value, str) and value.isascii():
            return int(value)
    except ValueError:
        pass
    raise InvalidInput(f"{name}={value!r} is no whole number.", f"Write it in digits: {name}=10.")


def cores_of(name: str, value: object) -> float | None:
    """The number of cores; a text may be a fraction, too, as Go's big.Rat reads it."""
    if value is None:
        return None
    try:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError
        cores = Fraction(value)
        if not 1 <= cores * _NANO < 2**63:
            raise ValueError
    except (ValueError, OverflowError, ZeroDivisionError):
        raise InvalidInput(f"{name}={value!r} is no share of a CPU.", "Try cpus=0.5.") from None
    return int(cores) if cores.denominator == 1 else float(cores)


def list_of(name: str, value: object) -> tuple[str, ...]:
    """The texts: as `--cap-add` takes them one by one."""
    if value is None:
        return ()
    items = value if isinstance(value, _SEQUENCES) else [value]
    if not all(isinstance(item, str | PurePath) for item in items):
        raise InvalidInput(f"{name}={value!r} is no list of texts.", f"Write {name}=['…', '…'].")
    return tuple(as_word(item, f"{name}=") for item in items)


def table_of(name: str, value: object, separator: str = "=") -> dict[str, str | None]:
    """{key: text}, from a table or from `KEY=text`; None for a key that stands alone."""
    table: dict[str, str | None] = {}
    for key, what in _pairs(name, value, separator):
        if not key or (separator == "=" and "=" in key):
            raise InvalidInput(f"{name}: {key!r} is no name.", f"Write {name}={{'NAME': 'value'}}.")
        table[key] = what
    return table


def volumes_of(name: str, value: object) -> tuple[tuple[str, str], ...]:
    """(volume or host path, path in the container with its options) for each `-v`.

    A Path is a path, also where a text would name a volume; `~` is what a shell makes of it.
    """
    return tuple(_volume(name, item) for item in _volume_items(name, value))


def _pairs(name: str, value: object, separator: str) -> Iterator[tuple[str, str | None]]:
    if isinstance(value, Mapping):
        for key, what in value.items():
            if isinstance(what, (*_SEQUENCES, Mapping, bytes)):
                raise InvalidInput(
                    f"{name}: {what!r} is no value for {key!r}.", f"Write {{{str(key)!r}: '…'}}."
                )
            yield as_word(key, f"{name}="), None if what is None else str(what)
        return
    for item in list_of(name, value):
        key, mark, what = item.partition(separator)
        yield key, what if mark else None


def _volume_items(name: str, value: object) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, Mapping):
        yield from value.items()
        return
    for item in list_of(name, value):
        is_drive = item[1:2] == ":" and item[2:3] in ("\\", "/") and item[:1].isalpha()
        start = 2 if is_drive else 0
        source, mark, path = item[start:].partition(":")
        if not mark or not source or not path:
            raise InvalidInput(
                f"{name}: {item!r} does not say what is mounted where.",
                "Write {'data': '/data'} for a volume, {'./folder': '/data'} for a folder.",
            )
        yield item[:start] + source, path


def _volume(name: str, item: tuple[Any, Any]) -> tuple[str, str]:
    source, path = item
    if isinstance(path, Mapping) and isinstance(path.get("bind"), str | PurePath):
        path = ":".join(as_word(path[key], name) for key in ("bind", "mode") if path.get(key))
    if not isinstance(path, str | PurePath) or not isinstance(source, str | PurePath):
        raise InvalidInput(
            f"{name}: {path!r} is no path in the container.", "Write {'data': '/data:ro'}."
        )
    return _source(source), as_word(path, name)


def _source(source: str | PurePath) -> str:
    text = str(source)
    with suppress(RuntimeError):  # of a user that there is not, or who has no home
        text = str(Path(text).expanduser()) if text.startswith("~") else text
    is_bare = isinstance(source, PurePath) and not source.is_absolute()
    return f"./{text}" if is_bare and not text.startswith((".", "/")) else text
