"""What a container reaches, and what reaches it: tried on networks as the lessons use them."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import suppress

from helpers.engine.base.command_log import CommandLog
from helpers.engine.container.container import Container
from helpers.engine.features.container_probes import shortened
from helpers.engine.features.probe_containers import GREETING, ProbeContainers, ProbeRun
from helpers.engine.registry.session import within
from helpers.errors import EngineError, EngineGone, InvalidInput, NotReady
from helpers.model.features.network_probe import (
    NetworkFault,
    NetworkProbe,
    fault_in_refusal,
    fault_in_request,
)
from helpers.outside import visible_line

# Where the lessons' builds get their Python packages.
OUTSIDE_HOST, OUTSIDE_PORT = "pypi.org", 443
_PAGE = {"probe/index.html": GREETING.encode()}
# Under a shell, since nothing ends a first process that does not ask for it: a server ends by
# itself, should nobody be left to remove it, and a request ends where a name server is silent.
_SHELL = ("sh", "-c")
_SERVE = (*_SHELL, "timeout 60 httpd -f -p 80 -h /probe; exit")
_ANSWER_SECONDS = 5.0
_HERE_SECONDS = 3.0
# A server that has just been started may need a moment.
_ASK = (
    "for pause in 0.2 0.5 0; do timeout 3 wget -q -T 2 -O - $0 && exit; sleep $pause; done; exit 1"
)
_ASK_ONCE = "timeout 4 wget -q -T 3 -O - $0; exit $?"
# What an engine calls the network of a container that has none.
_NO_NETWORK = ("none",)
_PREFIX = "The engine answered: "


def name_probe(probes: ProbeContainers) -> NetworkProbe:
    """Whether a container finds another one by its name, on a network that was made for both."""

    def ask() -> tuple[NetworkFault | None, str]:
        with (
            probes.network() as network,
            probes.running(_SERVE, _PAGE, network_mode=network) as server,
        ):
            url = f"http://{probes.name_of(server)}/"
            return _judged(probes.run((*_SHELL, _ASK, url), network_mode=network))

    return _timed(ask)


def port_probe(probes: ProbeContainers) -> NetworkProbe:
    """Whether a port that is published on 127.0.0.1, as lessons do, answers a program here."""

    def ask() -> tuple[NetworkFault | None, str]:
        options = {"network_mode": "default", "port_bindings": {80: ("127.0.0.1", None)}}
        with probes.running(_SERVE, _PAGE, **options) as server:
            return _answer_of(Container(probes.client, server, CommandLog()))

    return _timed(ask)


def outside_probe(probes: ProbeContainers) -> NetworkProbe:
    """Whether a container gets a connection to OUTSIDE_HOST, on the network that lessons use.

    Where the name is not known there but here, the address is tried as well: NO_WAY then says
    that more is missing than a DNS server.
    """

    def ask() -> tuple[NetworkFault | None, str]:
        fault, words = _connection(probes, OUTSIDE_HOST)
        if fault is NetworkFault.NAME_UNKNOWN and (address := _address_of(OUTSIDE_HOST)):
            by_address, other_words = _connection(probes, address)
            return (by_address, other_words) if by_address else (fault, words)
        return fault, words

    return _timed(ask)


def is_outside_reached_from_here() -> bool:
    """Whether this machine itself gets a connection to OUTSIDE_HOST, without a proxy."""
    address = _address_of(OUTSIDE_HOST)
    with (
        suppress(OSError),
        socket.create_connection((address, OUTSIDE_PORT), _HERE_SECONDS),
    ):
        return bool(address)
    return False


def _timed(ask: Callable[[], tuple[NetworkFault | None, str]]) -> NetworkProbe:
    """What came of it; the engine's refusal is a fault, too. Raises EngineGone."""
    began = time.monotonic()
    try:
        fault, words = ask()
    except EngineGone:
        raise
    except EngineError as error:
        fault = fault_in_refusal(error.answer or error.message)
        words = shortened(error.message.removeprefix(_PREFIX).removesuffix("."))
    return NetworkProbe(fault, visible_line(words), time.monotonic() - began)


def _judged(asked: ProbeRun) -> tuple[NetworkFault | None, str]:
    words = asked.output.strip()
    if asked.exit_code == 0 and words == GREETING:
        return None, ""
    return fault_in_request(asked.exit_code, words) or NetworkFault.NO_WAY, words


def _answer_of(server: Container) -> tuple[NetworkFault | None, str]:
    if not server.state.published:
        return NetworkFault.NO_DEFAULT_NETWORK, ""
    try:
        answer = server.wait_until_ready(port=80, seconds=_ANSWER_SECONDS)
    except (NotReady, InvalidInput) as error:
        return NetworkFault.NO_WAY, error.message
    if answer.text.strip() != GREETING:
        return NetworkFault.NO_WAY, f"Something else answered at {answer.url}."
    return None, ""


def _connection(probes: ProbeContainers, host: str) -> tuple[NetworkFault | None, str]:
    """A request in plain words: a server that expects TLS refuses it, and so it was reached."""
    url = f"http://{host}:{OUTSIDE_PORT}/"
    asked = probes.run((*_SHELL, _ASK_ONCE, url), network_mode="default")
    fault = fault_in_request(asked.exit_code, asked.output)
    if fault and asked.networks in ((), _NO_NETWORK):
        return NetworkFault.NO_DEFAULT_NETWORK, ""
    return fault, asked.output.strip() if fault else ""


def _address_of(host: str) -> str:
    """The address that this machine knows for that name; '' where it knows none in time."""
    try:
        return within(_HERE_SECONDS, lambda: socket.gethostbyname(host))
    except OSError:
        return ""
