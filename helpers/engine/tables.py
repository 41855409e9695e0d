"""Lists of the engine as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from helpers.engine.image import STAND_IN
from helpers.model.units import format_bytes

if TYPE_CHECKING:
    import pandas


def containers_table(found: Iterable[Mapping[str, Any]]) -> pandas.DataFrame:
    """One row for each container of the engine's list: name, image, status, ports."""
    rows = [
        {
            "name": item["Names"][0].removeprefix("/") if item["Names"] else item["Id"][:12],
            "image": item["Image"],
            "status": item["State"],
            "ports": ", ".join(_ports(item["Ports"] or [])),
        }
        for item in found
    ]
    return _table(rows, ["name", "image", "status", "ports"])


def images_table(found: Iterable[Mapping[str, Any]]) -> pandas.DataFrame:
    """One row for each name of an image: name, id, size, and the source of a stand-in."""
    rows = [
        {
            "name": name,
            "id": item["Id"].removeprefix("sha256:")[:12],
            "size": format_bytes(item["Size"]),
            "stand-in": (item["Labels"] or {}).get(STAND_IN, ""),
        }
        for item in found
        for name in (item["RepoTags"] or ["<none>"])
    ]
    return _table(rows, ["name", "id", "size", "stand-in"])


def _ports(bound: Iterable[Mapping[str, Any]]) -> list[str]:
    """'0.0.0.0:4000->80/tcp' for each published port, '80/tcp' for one that is not."""
    texts = {
        f"{item['IP']}:{item['PublicPort']}->{item['PrivatePort']}/{item['Type']}"
        if item.get("PublicPort")
        else f"{item['PrivatePort']}/{item['Type']}"
        for item in bound
    }
    return sorted(texts)


def _table(rows: list[dict[str, str]], columns: list[str]) -> pandas.DataFrame:
    import pandas

    return pandas.DataFrame(rows, columns=columns).sort_values("name", ignore_index=True)
