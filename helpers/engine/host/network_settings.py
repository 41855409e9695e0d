"""How this machine reaches the network: proxies and trusted certificates. Never a password."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helpers.engine.host.trust import certificate_bodies, machine_bundle, own_certificates

_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_CREDENTIALS = re.compile(r"^([a-z][a-z0-9+.-]*://)?.*@", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class TrustStore:
    """The certificates that are trusted here; `own` are those that nobody ships to everybody.

    `bundle` is None where the system keeps them in a store of its own.
    """

    bundle: Path | None
    certificates: int
    own: int

    @property
    def is_resigned(self) -> bool:
        """Whether a proxy that signs TLS connections anew is likely."""
        return self.own > 0


def proxy_settings(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The proxy variables that are set, in capitals, with their credentials masked."""
    environment = os.environ if environment is None else environment
    values = {name: environment.get(name) or environment.get(name.lower()) for name in _VARIABLES}
    return {name: masked(value) for name, value in values.items() if value}


def masked(address: str) -> str:
    """The address with '***' for whatever stands before its last @."""
    return _CREDENTIALS.sub(lambda match: f"{match[1] or ''}***@", address)


def trust_store(bundle: Path | None = None) -> TrustStore:
    """The trust store that Python and pip verify with here."""
    bundle = bundle or machine_bundle()
    if bundle is None:
        return TrustStore(None, 0, 0)
    here = set(certificate_bodies(_text(bundle)))
    usual = set(certificate_bodies(_text(_certifi())))
    own = {body for pem in own_certificates(bundle) for body in certificate_bodies(pem)}
    return TrustStore(bundle, len(here), len(own - usual))


def _certifi() -> Path:
    import certifi

    return Path(certifi.where())


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
