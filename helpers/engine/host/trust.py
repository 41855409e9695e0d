"""What this machine needs to reach the network: its own certificates, pip settings and proxies.

None of it is ever written into the project, nor into what is shared: a stand-in gets it on this
machine's engine alone, when it is brought there.
"""

from __future__ import annotations

import os
import re
import ssl
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from helpers.engine.host.pip_settings import PIP_PREFIX, pip_settings, proxy_url

BUNDLE_INSIDE = "/etc/ssl/certs/ca-certificates.crt"
_CERTIFICATE = re.compile(
    r"-----BEGIN CERTIFICATE-----\s+(.+?)\s+-----END CERTIFICATE-----", re.DOTALL
)
_DISTRIBUTION = "/usr/share/ca-certificates"


@dataclass(frozen=True)
class Trust:
    """What goes along into an image; `left_out` says what could not, and why.

    `certificates` are PEM blocks that the distribution does not ship; `pip` is (option, value).
    """

    certificates: tuple[str, ...] = ()
    pip: tuple[tuple[str, str], ...] = ()
    proxies: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, ...] = ()

    def without_pip(self) -> Trust:
        """The same for an image that has no pip."""
        rest = tuple(words for words in self.left_out if not words.startswith(PIP_PREFIX))
        return Trust(self.certificates, (), self.proxies, rest)

    def __bool__(self) -> bool:
        """Whether there is anything that goes into an image."""
        return bool(self.certificates or self.pip or self.proxies)

    @property
    def fingerprint(self) -> str:
        """A short hash of what goes into an image, which tells nothing of it."""
        parts = (self.certificates, self.pip, self.proxies)
        return sha256(repr(parts).encode()).hexdigest()[:16]

    def pip_conf(self) -> str:
        """The pip.conf for inside; empty where pip needs nothing special."""
        options = list(self.pip)
        if self.certificates:
            options.append(("cert", BUNDLE_INSIDE))
        lines = [f"{key} = {value}" for key, value in options]
        return "\n".join(["[global]", *lines, ""]) if lines else ""

    def environment(self) -> dict[str, str]:
        """The variables that programs with a trust store or proxy of their own go by."""
        bundle = (
            {"SSL_CERT_FILE": BUNDLE_INSIDE, "REQUESTS_CA_BUNDLE": BUNDLE_INSIDE}
            if self.certificates
            else {}
        )
        return bundle | dict(self.proxies)


def machine_trust(environment: Mapping[str, str] | None = None) -> Trust:
    """What this machine's trust store, pip settings and proxy variables say now."""
    environment = os.environ if environment is None else environment
    pip, without = pip_settings(environment)
    proxies, unusable = _proxies(environment)
    return Trust(own_certificates(), pip, proxies, (*without, *unusable))


def own_certificates(bundle: Path | None = None, shipped: Path | None = None) -> tuple[str, ...]:
    """The certificates of the machine's bundle that its distribution does not ship, as PEM.

    Empty where no distribution's set is there to compare with.
    """
    bundle = bundle or machine_bundle()
    shipped = shipped or Path(_DISTRIBUTION)
    usual = {body for path in shipped.rglob("*.crt") for body in certificate_bodies(_text_of(path))}
    if not bundle or not usual:
        return ()
    extra = [body for body in certificate_bodies(_text_of(bundle)) if body not in usual]
    return tuple(_pem(body) for body in sorted(set(extra)))


def machine_bundle() -> Path | None:
    """The bundle that Python verifies with: SSL_CERT_FILE, or OpenSSL's own default."""
    cafile = ssl.get_default_verify_paths().cafile
    usual = [Path(path) for path in (cafile, BUNDLE_INSIDE) if path]
    return next((path for path in usual if path.is_file()), None)


def certificate_bodies(text: str) -> list[str]:
    """The base64 of each PEM certificate in the text, without line breaks."""
    return ["".join(body.split()) for body in _CERTIFICATE.findall(text)]


def certificate_hash(pem: str) -> str:
    """The name by which OpenSSL looks for a certificate in a folder; empty where none can tell."""
    words = ["openssl", "x509", "-noout", "-subject_hash"]
    try:
        answer = subprocess.run(words, input=pem, capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""


def _pem(body: str) -> str:
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""


def _proxies(
    environment: Mapping[str, str],
) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    kept: list[tuple[str, str]] = []
    left_out: list[str] = []
    for kind in ("http", "https"):
        url = environment.get(f"{kind}_proxy") or environment.get(f"{kind.upper()}_PROXY")
        if not url:
            continue
        reason = proxy_url(url)
        if reason:
            left_out.append(f"the {kind} proxy: {reason}")
        else:
            kept += [(f"{kind}_proxy", url), (f"{kind.upper()}_PROXY", url)]
    if kept and (without := environment.get("no_proxy") or environment.get("NO_PROXY")):
        kept += [("no_proxy", without), ("NO_PROXY", without)]
    return tuple(kept), tuple(left_out)
