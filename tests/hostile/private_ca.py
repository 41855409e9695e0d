"""A certificate authority of a company's own, as a proxy has it that signs TLS connections anew."""

from __future__ import annotations

import base64
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

SUBJECT = "Umbrella Proxy Authority 7f3a"


@dataclass(frozen=True)
class PrivateCa:
    """Its certificate: PEM, its file, and a bundle with it behind the usual ones."""

    pem: str
    path: Path
    bundle: Path

    @property
    def der(self) -> bytes:
        """The certificate's bytes."""
        return base64.b64decode("".join(self.pem.splitlines()[1:-1]))

    def traces_in(self, content: bytes) -> list[str]:
        """What of it stands in these bytes, in any form."""
        lines = self.pem.encode().splitlines()
        traces = {
            "its subject": SUBJECT.encode(),
            "its DER": self.der[-64:],
            "its key": self.der[len(self.der) // 2 :][:48],
            "a line of its PEM": lines[-3],
        }
        return [what for what, trace in traces.items() if trace in content]


def private_ca(folder: Path, usual: Path | None = None) -> PrivateCa:
    """A new one; `usual` is the bundle that comes before it."""
    if not shutil.which("openssl"):
        pytest.skip("openssl, which makes a certificate, is not on this machine")
    path, bundle = folder / "private-ca.pem", folder / "bundle.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", f"/O=Umbrella/CN={SUBJECT}", "-keyout", str(folder / "key.pem")),
            *("-out", str(path)),
        ],
        check=True,
        capture_output=True,
    )
    pem = path.read_text()
    bundle.write_text((usual.read_text() if usual else "") + pem)
    return PrivateCa(pem, path, bundle)
