"""What went wrong with apt-get, in one sentence and the next step."""

from __future__ import annotations

import re

from helpers.errors import SetupFailed
from helpers.model.text.trouble import FULL_DISK

_AGAIN = "then run the same command again."
# In this order: the first pattern that fits any line is the reason, so causes stand before effects.
_REASONS: tuple[tuple[str, str, str], ...] = (
    (
        r"could not get lock|unable to (?:acquire|lock)|is held by process",
        "Another program is installing packages just now.",
        f"Wait until it is done (a fresh machine updates itself first), {_AGAIN}",
    ),
    (
        FULL_DISK,
        "The disk is full, so no package can be installed.",
        f"Make room (apt-get clean frees some), {_AGAIN}",
    ),
    (
        r"dpkg was interrupted",
        "An earlier installation was interrupted in the middle.",
        f"Finish it with: dpkg --configure -a, {_AGAIN}",
    ),
    (
        r"could not resolve|temporary failure resolving|unable to connect|could not connect"
        r"|connection (?:timed out|refused|failed)|network is unreachable|no route to host",
        "The package server cannot be reached.",
        f"Check the network and the proxy (http_proxy, or apt's Acquire::http::Proxy), {_AGAIN}",
    ),
    (
        r"certificate verification failed|certificate .* not trusted|SSL connection failed",
        "The package server's certificate is not trusted here.",
        f"Install your company's certificate (update-ca-certificates), {_AGAIN}",
    ),
    (
        r"not signed|NO_PUBKEY|EXPKEYSIG|BADSIG|unauthenticated|signatures? (?:were|was|could)"
        r"|is not valid yet|expired since",
        "No key that this machine trusts has signed the package lists, or its clock is wrong.",
        f"Check the clock (date) and /etc/apt/sources.list.d, {_AGAIN}",
    ),
    (
        r"read-only file system|permission denied",
        "This machine's system folders cannot be written.",
        "Install the packages where you have the right to, or use an engine of your own.",
    ),
    (
        r"unable to locate package|no installation candidate",
        "The machine's package sources do not have {packages}.",
        f"Enable the distribution's main (on Ubuntu also universe) section, {_AGAIN}",
    ),
    (
        r"unmet dependencies|held broken packages|pkgProblemResolver",
        "Installed packages do not go together with {packages}.",
        f"Put them right with: apt-get --fix-broken install, {_AGAIN}",
    ),
)


def translated(lines: list[str], packages: list[str]) -> SetupFailed:
    """The error for apt-get's complaints; what is not known is given in apt's own words."""
    text = "\n".join(lines)
    names = " ".join(packages) or "the packages"
    for pattern, sentence, step in _REASONS:
        if re.search(pattern, text, re.IGNORECASE):
            return SetupFailed(sentence.format(packages=names), step)
    errors = [line[2:].strip() for line in lines if line.startswith("E:")]
    last = (errors or lines or ["it gave no reason"])[-1]
    return SetupFailed(
        f"The packages could not be installed: {last}",
        f"Try by hand: apt-get install --no-install-recommends {names}",
    )


def is_stale(lines: list[str]) -> bool:
    """True where the package lists know what the server no longer has (or do not know it yet)."""
    return any(
        re.search(r"404 +Not Found|unable to locate package|no installation candidate", line, re.I)
        for line in lines
    )
