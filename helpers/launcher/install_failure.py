"""Why an installer failed, from the last lines of its log. Standard library only."""

from __future__ import annotations

import re
from pathlib import Path

from helpers.errors import SetupFailed
from helpers.model.text.trouble import FULL_DISK

_LAST_LINES = 6
_CAUSES: tuple[tuple[str, str, str], ...] = (
    (
        r"No module named '?ensurepip|ensurepip is not available|ensurepip is disabled",
        "This Python comes without pip.",
        "Install it (Debian and Ubuntu: `apt-get install python3-venv`), or install uv.",
    ),
    (
        FULL_DISK,
        "The disk is full.",
        "Make about 1 GB of room and run the same command again.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError|invalid peer certificate|UnknownIssuer",
        "The package index shows a certificate that this machine does not trust.",
        "Behind a company proxy set PIP_CERT and SSL_CERT_FILE to its bundle of certificates.",
    ),
    (
        r"ProxyError|Tunnel connection failed|407 Proxy Authentication",
        "The proxy refused the connection to the package index.",
        "See that HTTPS_PROXY is right, then run the same command again.",
    ),
    (
        r"Temporary failure in name resolution|Name or service not known|getaddrinfo failed"
        r"|nodename nor servname|Network is unreachable|NewConnectionError|Connection refused"
        r"|dns error|error sending request|[Tt]imed out|NameResolutionError|Failed to fetch",
        "The package index cannot be reached.",
        "Connect to the network (or set HTTPS_PROXY or PIP_INDEX_URL), then run it again; or start "
        "from a stick, which needs none: `./workbook lab --from FILE` (README, A room without "
        "network).",
    ),
    (
        r"DO NOT MATCH THE HASHES|Hash mismatch",
        "A package is not the one that was tested with the workbook.",
        "If a package mirror is set, ask its keeper; else run the same command again.",
    ),
    (
        r"No matching distribution found|No solution found|Could not find a version",
        "A package is missing for this Python or this system.",
        "Use Python 3.11 to 3.13, or see whether the package mirror (or the bundle) is complete.",
    ),
    (
        r"Permission denied|Access is denied|Read-only file system",
        "The workbook's folder cannot be written to.",
        "Put the workbook where you may write, and close programs that use its `.venv`.",
    ),
)


def install_failure(what: str, text: str, log: Path) -> SetupFailed:
    """The error for a failed step: its cause if known, the log's last lines, the next step."""
    lines = [line.rstrip() for line in text.splitlines() if line.strip()][-_LAST_LINES:]
    excerpt = "\n".join(line[:160] for line in lines)
    for pattern, cause, next_step in _CAUSES:
        if re.search(pattern, text):
            return SetupFailed(f"{what} failed. {cause}", next_step, excerpt=excerpt)
    return SetupFailed(f"{what} failed.", f"See the whole log: {log}.", excerpt=excerpt)
