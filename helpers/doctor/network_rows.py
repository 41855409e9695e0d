"""What the doctor says about the networks of an engine: what was tried in, a row out."""

from __future__ import annotations

from helpers.doctor.check import Check
from helpers.doctor.engine_kind import DOCKER, DOCKER_DESKTOP, PODMAN
from helpers.model.features.network_probe import NetworkFault, NetworkProbe
from helpers.model.text.units import format_seconds

TITLES = {
    "network": "Container network",
    "port": "Published port",
    "outside": "Way out of containers",
}
_RESTART = {
    DOCKER: "restart the engine (`sudo systemctl restart docker`)",
    DOCKER_DESKTOP: "restart Docker Desktop",
    PODMAN: "run `podman network reload --all`, or restart Podman's service",
}
_OPEN_FIREWALL = (
    "Let the firewall of the engine's machine forward what comes from the engine's bridges "
    "(ufw: `ufw default allow routed`; firewalld: the zone `docker` or `trusted`), then {restart}."
)
# What is observed, and what to do, where no request got as far as the network.
_REFUSED = {
    NetworkFault.RULES_NOT_WRITTEN: (
        "The engine cannot write its firewall rules, so a container with a network does not start",
        "Install {tool} where the engine runs, then {restart}.",
    ),
    NetworkFault.RULES_GONE: (
        "The engine's firewall rules are gone: another program has emptied them",
        "Have them written again: {restart}.",
    ),
    NetworkFault.NO_ADDRESSES_LEFT: (
        "The engine has no range of addresses left for one more network",
        "Remove networks that nobody uses (`docker network ls`), or leave a VPN that takes all "
        "private addresses; `default-address-pools` in the engine's settings gives it other ones.",
    ),
    NetworkFault.NO_DEFAULT_NETWORK: (
        "The engine has no default network, so no port of a container can be published",
        'Take "bridge": "none" out of the engine\'s settings, then {restart}.',
    ),
    NetworkFault.REFUSED_OTHERWISE: (
        "A container with a network does not start",
        "See the engine's log, then {restart}.",
    ),
}


def name_row(tried: NetworkProbe, kind: str) -> Check:
    """Containers on a network of their own, which find each other by name or do not."""
    seconds = format_seconds(tried.seconds)
    if tried.fault is None:
        observed = "On a new network a container found another one by its name"
        observed += f" (tried within {seconds})."
        return Check("network", TITLES["network"], "ok", observed)
    if tried.fault is NetworkFault.NAME_UNKNOWN:
        observed = "On a new network a container does not find another one by its name"
        step = (
            "Install aardvark-dns where Podman runs, and let its firewall pass DNS (port 53) "
            "from Podman's bridges."
            if kind == PODMAN
            else "Have the engine's own DNS set up again: {restart}."
        )
    elif tried.fault is NetworkFault.NO_WAY:
        observed = "Containers of one network get no answer from each other"
        step = _OPEN_FIREWALL
    else:
        observed, step = _REFUSED[tried.fault]
    return _problem("network", observed, tried, step, kind)


def port_row(tried: NetworkProbe, kind: str, is_local: bool = True) -> Check:
    """A port published on 127.0.0.1, which answers here or does not."""
    if tried.fault is None:
        observed = "A port that a container publishes on 127.0.0.1 answered here"
        observed += f" (tried within {format_seconds(tried.seconds)})."
        return Check("port", TITLES["port"], "ok", observed)
    if tried.fault in _REFUSED:
        observed, step = _REFUSED[tried.fault]
    elif not is_local:
        observed = "A port published on 127.0.0.1 of the engine's machine does not answer here"
        step = "Run the workbook on the engine's machine, or forward its ports to this one."
    else:
        observed = "A port that a container publishes on 127.0.0.1 does not answer here"
        step = (
            "Let 127.0.0.1 through the proxy or VPN of this machine, then {restart}."
            if kind == DOCKER_DESKTOP
            else _OPEN_FIREWALL
        )
    return _problem("port", observed, tried, step, kind)


def outside_row(tried: NetworkProbe, kind: str, host: str, is_reached_from_here: bool) -> Check:
    """A container's way to a host of the world; a room without a network is no fault of it."""
    name, title = "outside", TITLES["outside"]
    if tried.fault is None:
        observed = f"A container reached {host} (tried within {format_seconds(tried.seconds)})."
        return Check(name, title, "ok", observed)
    if tried.fault in _REFUSED:
        observed, step = _REFUSED[tried.fault]
        return Check(name, title, "warning", f"{observed}.", _for(kind, step))
    observed = f"A container does not reach {host}"
    if not is_reached_from_here:
        observed += ", and without a proxy nor does this machine"
        step = "Where a lesson builds with pip, it needs a network, or a proxy in pip's settings."
        return Check(name, title, "warning", f"{observed}.", step)
    if tried.fault is NetworkFault.NAME_UNKNOWN:
        observed += " by its name, but by its address: it has no DNS server that answers"
        step = (
            "Name the DNS server that this machine uses in Docker Desktop → Settings → Docker "
            'Engine ("dns": ["…"]), or leave the VPN.'
            if kind == DOCKER_DESKTOP
            else "Name the DNS server that this machine uses (a VPN has its own) in the engine's "
            'settings ("dns": ["…"] in /etc/docker/daemon.json), then {restart}.'
        )
    else:
        observed += ", which this machine does"
        step = _OPEN_FIREWALL if kind != DOCKER_DESKTOP else "Leave the VPN, or {restart}."
    words = f" ({tried.words})" if tried.words else ""
    return Check(name, title, "warning", f"{observed}{words}.", _for(kind, step))


def _problem(name: str, observed: str, tried: NetworkProbe, step: str, kind: str) -> Check:
    words = f": {tried.words.rstrip('.')}" if tried.words else ""
    return Check(name, TITLES[name], "problem", f"{observed}{words}.", _for(kind, step))


def _for(kind: str, step: str) -> str:
    tool = "nftables (before Podman 5: iptables)" if kind == PODMAN else "iptables"
    return step.replace("{restart}", _RESTART[kind]).replace("{tool}", tool)
