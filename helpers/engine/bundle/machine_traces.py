"""Settings of this machine in what is about to be shared, looked for in every byte of it."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from helpers.engine.base.labels import STAND_IN, TRUST
from helpers.engine.host.pip_settings import pip_traces
from helpers.engine.host.trust import certificate_bodies, machine_trust
from helpers.errors import NotShareable
from helpers.model.text.answer_parts import part_of, texts_of

# How long the lines of PEM files are: 64 by the standard, 76 by MIME.
_LINES = (64, 76)
_DER_BYTES = 48
_PROXIES = tuple(f"{kind}_proxy" for kind in ("http", "https", "ftp", "all", "no"))
_VARIABLES = frozenset((*_PROXIES, "ssl_cert_file", "requests_ca_bundle"))
# Files that stand-ins had of the machine that they were made on, before their archives had none.
_FILES = (
    (b"./usr/local/share/ca-certificates/machine-", "a certificate"),
    (b"./etc/pip.conf\0", "pip's settings"),
)


@dataclass(frozen=True)
class MachineTraces:
    """Bytes by which this machine's settings are known again, each with what it is."""

    traces: tuple[tuple[bytes, str], ...] = ()

    @classmethod
    def here(cls, environment: Mapping[str, str] | None = None) -> MachineTraces:
        """Those of this machine's own certificates, of its proxies and of pip's addresses."""
        environment = os.environ if environment is None else environment
        trust = machine_trust(environment)
        texts = [(trace, "a certificate") for pem in trust.certificates for trace in _traces(pem)]
        texts += [(text.encode(), "an address of pip's") for text in pip_traces(environment)]
        proxies = (url for key, url in trust.proxies if key.lower() != "no_proxy")
        texts += [(url.rstrip("/").encode(), "a proxy") for url in proxies]
        return cls(tuple(dict.fromkeys(texts)))

    def check(self, name: str, inspected: Mapping[str, Any]) -> MachineTraces:
        """What to look for in that image; raises NotShareable where its settings say enough."""
        labels = part_of(inspected, "Config", "Labels")
        variables = texts_of(inspected, "Config", "Env")
        names = {one.partition("=")[0].lower() for one in variables}
        is_stand_in = STAND_IN in labels
        if TRUST in labels or (is_stand_in and names & _VARIABLES):
            raise _not_shareable(name, "settings")
        return MachineTraces(self.traces + _FILES) if is_stand_in else self

    def passing(
        self, chunks: Iterable[memoryview | bytes], name: str
    ) -> Iterator[memoryview | bytes]:
        """The chunks; raises NotShareable before the one with which a trace would be whole."""
        tail = b""
        for chunk in chunks:
            text = tail + bytes(chunk)
            for trace, what in self.traces:
                if trace in text:
                    raise _not_shareable(name, what)
            tail = text[max(0, len(text) - self._overlap) :]
            yield chunk

    @cached_property
    def _overlap(self) -> int:
        return max((len(trace) for trace, _ in self.traces), default=1) - 1


def _traces(pem: str) -> Iterator[bytes]:
    """Bytes of its end, the signature, which no other has: as DER and as lines of PEM."""
    for body in certificate_bodies(pem):
        for width in _LINES:
            start = (len(body) // width - 1) * width
            if start >= 0:
                yield body[start : start + width].encode()
        try:
            yield base64.b64decode(body)[-_DER_BYTES:]
        except binascii.Error:
            continue


def _not_shareable(name: str, what: str) -> NotShareable:
    return NotShareable(
        f"{name} has {what} of a machine in it, which others must not get.",
        f"Remove it with `docker image rm {name}`, or build it anew without them, then try again.",
    )
