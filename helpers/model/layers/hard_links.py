"""The further names of files, and where their content stands as layers come and go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from helpers.model.layers.file_entry import FileEntry


class Content(NamedTuple):
    """What a path shows: its size and fingerprint, and the layer and path that store it."""

    size_bytes: int
    fingerprint: bytes
    layer: int
    path: str


class Link(NamedTuple):
    """The path that holds a further name's content, in the same layer or in one below."""

    body: str
    is_below: bool


class HardLinks:
    """Which names share a content; content is wasted only once its last name is hidden."""

    def __init__(self) -> None:
        self._names: dict[str, set[str]] = {}
        self._body: dict[str, str] = {}
        self._content: dict[str, Content] = {}

    def content(self, entry: FileEntry, layer: int) -> Content:
        """The content of a path of the tree, which came from that layer."""
        known = self._content.get(entry.path) if self._content else None
        return known or Content(entry.size_bytes, entry.fingerprint, layer, entry.path)

    def resolve(self, new: dict[str, FileEntry], tree: Mapping[str, FileEntry]) -> dict[str, Link]:
        """{further name: its body} among the new entries, which then have that body as target.

        A body is sought in the new layer, then below; a name without one is left out.
        """
        links: dict[str, Link] = {}
        for entry in [e for e in new.values() if e[6] and e[1] == "file"]:
            link = self._body_of(entry, new, tree)
            if link is not None:
                links[entry.path] = link
                new[entry.path] = entry._replace(link_target=link.body, size_bytes=0)
        return links

    def forget(self, name: str) -> None:
        """The name is hidden: its content is no longer shown under it."""
        self._content.pop(name, None)
        if body := self._body.pop(name, None):
            self._names[body].discard(name)

    def heirs(self, body: str) -> set[str]:
        """The names left of a body that is hidden; it is no body any more."""
        return self._names.pop(body, set())

    def add(self, name: str, body: str, content: Content) -> None:
        """The name shows the content of that body."""
        self._names.setdefault(body, set()).add(name)
        self._body[name] = body
        self._content[name] = content

    def promote(self, name: str, content: Content) -> None:
        """The name is the body now."""
        self._body.pop(name, None)
        self._content[name] = content

    def _body_of(
        self, entry: FileEntry, new: Mapping[str, FileEntry], tree: Mapping[str, FileEntry]
    ) -> Link | None:
        seen, path = {entry.path}, entry.link_target
        while path not in seen and (target := new.get(path)):
            if target.kind != "file":
                return None
            if not target.link_target:
                return Link(path, is_below=False)
            seen.add(path)
            path = target.link_target
        lower = tree.get(path)
        return Link(self._body.get(path, path), True) if lower and lower.kind == "file" else None
