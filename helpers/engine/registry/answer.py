"""What a registry answers to a plain GET, with the headers that matter."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from helpers.engine.registry.http import RegistryHttp
from helpers.errors import InvalidInput, RegistryError
from helpers.model.image.descriptor import ACCEPT
from helpers.model.text.json_document import parsed_json
from helpers.model.text.units import format_bytes
from helpers.outside import visible_line, visible_repr

_SHOWN = ("Content-Type", "Docker-Content-Digest", "Link")


@dataclass(frozen=True, repr=False)
class RegistryAnswer:
    """An answer of a registry's HTTP API: the request, the status, some headers, the body."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def json(self) -> Any:
        """The body as JSON; raises RegistryError where it is none."""
        try:
            return parsed_json(self.body)
        except ValueError:
            raise RegistryError(
                f"{self.url} answered with something that is no JSON.", "See it whole in `body`."
            ) from None

    @visible_repr
    def __repr__(self) -> str:
        lines = [f"GET {self.url}", f"{self.status}"]
        lines += [visible_line(f"{name}: {value}") for name, value in self.headers]
        return "\n".join([*lines, "", self._text()])

    def _text(self) -> str:
        try:
            return json.dumps(parsed_json(self.body), indent=2)
        except (ValueError, RecursionError):
            return f"{format_bytes(len(self.body))} that are no JSON"


def asked(http: RegistryHttp, path: str) -> RegistryAnswer:
    """The answer to a GET of that path; raises RegistryError for a refusal."""
    if not path.startswith("/v2/"):
        raise InvalidInput(f"{path!r} is no path of a registry.", "Paths begin with /v2/.")
    with closing(http.open(path, headers={"Accept": ACCEPT})) as answer:
        body = http.document(answer)
        shown = tuple((name, answer.headers[name]) for name in _SHOWN if name in answer.headers)
        return RegistryAnswer(f"{http.base}{path}", answer.status_code, shown, body)
