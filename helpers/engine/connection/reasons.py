"""Why there is no connection to an engine, from what was answered: a sentence and a next step."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from docker.errors import InvalidVersion

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.connection.rules import other_way
from helpers.engine.connection.ssh import NO_PROGRAM
from helpers.errors import EngineNotFound, EngineRefused, EngineTooOld, EngineUnavailable

_START = "Start Docker, or run `./workbook lab`, which finds or starts an engine."
_JOIN = "Add yourself to the group `docker` (`sudo usermod -aG docker $USER`) and log in again."
_WHICH = (
    "DOCKER_CERT_PATH (or `docker context create --docker ca=…,cert=…,key=…`) says which "
    "certificates are used."
)


class _Reason(NamedTuple):
    """What is said where the answer has that in it; {where} is the engine's address."""

    pattern: str
    kind: Callable[[str, str], EngineUnavailable]
    message: str
    step: str


# The first that fits is said.
_OVER_SSH = [
    _Reason(NO_PROGRAM, EngineNotFound,
            "There is no `ssh` program on this machine, and {where} needs it.",
            "Install OpenSSH's client (on Debian the package openssh-client)."),
    _Reason("remote host identification has changed", EngineRefused,
            "ssh refuses {where}: the machine shows another key than before.",
            "Ask whoever runs it whether that is right; `ssh-keygen -R HOST` forgets the old one."),
    _Reason("host key verification failed", EngineRefused,
            "ssh does not know the key of the machine at {where}.",
            "Run `ssh` to it once in a terminal, and answer its question."),
    _Reason(r"permission denied \(|too many authentication|no more authentication", EngineRefused,
            "The machine at {where} does not let you log in without a password: {answer}",
            "Give it your key (`ssh-copy-id`), and one with a passphrase to `ssh-add`."),
    _Reason("permission denied", EngineRefused,
            "ssh reaches {where} and the engine there refuses that user.",
            "On that machine, add the user to the group `docker`."),
    _Reason(r"docker[^\n]*(not found|not recognized|: no such file)", EngineNotFound,
            "ssh reaches {where} and there is no `docker` command: {answer}",
            "Install the docker command there, on the PATH of a shell that nobody sits at."),
    _Reason("cannot connect to the docker|failed to dial|dial unix|is the docker daemon running",
            EngineNotFound, "ssh reaches {where} and no engine answers there.",
            "Start Docker on that machine."),
]  # fmt: skip
_OVER_TLS = [
    _Reason("http request to an https server", EngineRefused,
            "The engine at {where} wants TLS, and nothing here asks for it.",
            "Set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the folder of your certificates."),
    _Reason("wrong.version.number|record.layer.failure|http_request", EngineRefused,
            "The engine at {where} speaks no TLS.",
            "Ask for none (unset DOCKER_TLS_VERIFY), but only on a network that you trust."),
    _Reason("certificate.required|bad.certificate|unknown.ca|certificate.unknown|handshake.failure",
            EngineRefused, "The engine at {where} refuses your TLS certificate, or its absence.",
            _WHICH),
    _Reason(r"(?P<answer>(hostname|ip address) mismatch[^(]*)", EngineRefused,
            "The TLS certificate of {where} was made for another address: {answer}",
            "Use the address that the certificate was made for."),
    _Reason("verify failed: (?P<answer>[^(]*)", EngineRefused,
            "The TLS certificate of {where} is none that the CA of yours signed: {answer}", _WHICH),
    _Reason("certificate|pem|tls|ssl", EngineRefused,
            "TLS fails with {where}: {answer}", _WHICH),
]  # fmt: skip


def reason_for(endpoint: Endpoint, error: BaseException, complaint: str) -> EngineUnavailable:
    """The error for an engine that could not be spoken to; `complaint` is what ssh or TLS said."""
    where = f"{endpoint.host}, from {endpoint.origin},"
    text = " ".join([complaint, *(str(cause) for cause in _chain(error))]).lower()
    for reason in _reasons(endpoint):
        if match := re.search(reason.pattern, text, re.DOTALL):
            quoted = match.groupdict().get("answer") or _last_line(complaint, error)
            message = reason.message.format(where=where, answer=_ended(quoted))
            return reason.kind(message.replace(",:", ":").replace(",.", "."), reason.step)
    if isinstance(error, InvalidVersion) or "too old" in text:
        return too_old(endpoint, f"answers: {error}")
    if "permission denied" in text or "access is denied" in text:
        return EngineRefused(f"The engine at {where} is there and refuses this user.", _JOIN)
    answer = f": {_ended(_last_line(complaint, error))}" if complaint else "."
    return EngineNotFound(f"No Docker engine answers at {where[:-1]}{answer}", next_step(endpoint))


def next_step(endpoint: Endpoint) -> str:
    """What to do where that engine does not answer."""
    way = other_way(endpoint)
    return f"Start that engine, or {way}." if way else _START


def too_old(endpoint: Endpoint, what: str) -> EngineTooOld:
    """The error for an engine that lacks what the lessons need."""
    return EngineTooOld(
        f"The engine at {endpoint.host} {what}, and the lessons need API 1.41.",
        "Update it to Docker Engine 20.10 or newer.",
    )


def _reasons(endpoint: Endpoint) -> list[_Reason]:
    if endpoint.host.startswith("ssh://"):
        return _OVER_SSH
    if not endpoint.host.startswith("tcp://"):
        return []
    return _OVER_TLS if endpoint.tls else _OVER_TLS[:1]


def _last_line(complaint: str, error: BaseException) -> str:
    """What was said last."""
    lines = [line for line in complaint.splitlines() if line.strip()]
    return lines[-1] if lines else str(error)


def _ended(text: str) -> str:
    """The text as the end of a sentence."""
    return f"{text.strip().rstrip('.')}."


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
