"""Lists of the engine as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from helpers.engine.base.labels import STAND_IN
from helpers.engine.base.listed_objects import ListedImage
from helpers.engine.base.needed_parts import needed_rows
from helpers.engine.base.text_frame import text_frame
from helpers.model.image.digest import short_id
from helpers.model.image.reference import familiar
from helpers.model.text.answer_parts import count_in, tables_of, text_in, texts_of
from helpers.model.text.units import format_bytes, format_memory

if TYPE_CHECKING:
    import pandas

    from helpers.model.usage.usage import Tick

NOT_AVAILABLE = "n/a"
STATS_COLUMNS = ["name", "cpu", "cpu of limit", "memory", "memory limit", "received", "sent",
                 "read", "written", "processes"]  # fmt: skip


def containers_table(containers: object) -> pandas.DataFrame:
    """One row for each container of the engine's list: name, image, status, ports.

    Raises EngineError where that is no list.
    """
    rows = [
        {
            "name": (*texts_of(item, "Names"), text_in(item, "Id")[:12])[0].removeprefix("/"),
            "image": familiar(text_in(item, "Image")),
            "status": text_in(item, "State"),
            "ports": ", ".join(_ports(tables_of(item, "Ports"))),
        }
        for item in needed_rows(containers, "docker ps")
    ]
    return _table(rows, ["name", "image", "status", "ports"])


def images_table(images: Iterable[ListedImage]) -> pandas.DataFrame:
    """One row for each name of an image: name, id, size, and the source of a stand-in."""
    rows = [
        {
            "name": name,
            "id": short_id(item.id),
            "size": format_bytes(item.size_bytes),
            "stand-in": item.labels.get(STAND_IN, ""),
        }
        for item in images
        for name in (item.tags or ("<none>",))
    ]
    return _table(rows, ["name", "id", "size", "stand-in"])


def stats_table(tick: Tick) -> pandas.DataFrame:
    """One row for each container measured, as `docker stats` has it; n/a where nothing is known."""
    rows = [
        {
            "name": tick.names[key],
            "cpu": _percent(use.cpu_percent),
            "cpu of limit": _percent(use.cpu_percent_of_limit),
            "memory": _memory(use.memory_bytes),
            "memory limit": _memory(use.memory_limit_bytes) if use.has_memory_limit else "none",
            "received": _bytes(use.network_rx_bytes),
            "sent": _bytes(use.network_tx_bytes),
            "read": _bytes(use.block_read_bytes),
            "written": _bytes(use.block_write_bytes),
            "processes": NOT_AVAILABLE if use.pids is None else str(use.pids),
        }
        for key, use in tick.usages.items()
    ]
    return _table(rows, STATS_COLUMNS)


def _percent(share: float | None) -> str:
    return NOT_AVAILABLE if share is None else f"{share:.1f} %"


def _memory(count: int | None) -> str:
    return NOT_AVAILABLE if count is None else format_memory(count)


def _bytes(count: int | None) -> str:
    return NOT_AVAILABLE if count is None else format_bytes(count)


def _ports(bound: Iterable[Mapping[str, Any]]) -> list[str]:
    """'0.0.0.0:4000->80/tcp' for each published port, '80/tcp' for one that is not.

    Podman leaves out the address where it is every one.
    """
    return sorted({_port(item) for item in bound})


def _port(item: Mapping[str, Any]) -> str:
    inside = f"{count_in(item, 'PrivatePort')}/{text_in(item, 'Type') or 'tcp'}"
    outside, address = count_in(item, "PublicPort"), text_in(item, "IP") or "0.0.0.0"
    shown = f"[{address}]" if ":" in address else address
    return f"{shown}:{outside}->{inside}" if outside else inside


def _table(rows: list[dict[str, str]], columns: list[str]) -> pandas.DataFrame:
    import pandas

    frame = pandas.DataFrame(rows, columns=columns).sort_values("name", ignore_index=True)
    return text_frame(frame)
