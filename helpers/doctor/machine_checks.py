"""The doctor's checks of the machine: Python, ports, proxy, trust store, browser."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

from helpers.doctor.check import Check
from helpers.doctor.timed_checks import Job
from helpers.engine.base.project_files import ROOT
from helpers.engine.host.browser import find_browser
from helpers.engine.host.machine import busy_ports
from helpers.engine.host.network_settings import proxy_settings, trust_store
from helpers.launcher.jupyter_settings import FIRST_PORT
from helpers.model.course.lesson import published_ports

OLDEST_PYTHON = (3, 11)


def machine_jobs() -> list[Job]:
    """The checks that need no engine."""
    return [
        Job("python", "Python", python_check, if_cut="problem"),
        Job("ports", "Ports", ports_check),
        Job("proxy", "Proxy", proxy_check),
        Job("trust", "Trust store", trust_check),
        Job("browser", "Browser for the tests", browser_check),
    ]


def python_check() -> Check:
    """Whether this Python is new enough, and whether it is the workbook's own."""
    version = platform.python_version()
    is_own = Path(sys.prefix).resolve().is_relative_to(ROOT)
    observed = f"Python {version}, {'in .venv' if is_own else f'in {sys.prefix}'}."
    if sys.version_info[:2] < OLDEST_PYTHON:
        return Check("python", "Python", "problem", observed, "Install Python 3.11 or newer.")
    return Check("python", "Python", "ok", observed)


def ports_check() -> Check:
    """Whether the ports that lessons publish are free on this machine."""
    used_by = published_ports()
    wanted = sorted([*used_by, FIRST_PORT])
    busy = busy_ports(wanted)
    if not busy:
        return Check("ports", "Ports", "ok", f"Free: {', '.join(map(str, wanted))}.")
    if busy == [FIRST_PORT]:
        observed = f"{FIRST_PORT} is busy: JupyterLab takes the next free one."
        return Check("ports", "Ports", "ok", observed)
    ports = ", ".join(f"{port} (lesson {used_by[port]})" for port in busy if port in used_by)
    step = "End what listens there, or publish another port in the lessons."
    return Check("ports", "Ports", "warning", f"Busy: {ports}.", step)


def proxy_check() -> Check:
    """The proxy variables, without their credentials."""
    settings = proxy_settings()
    observed = ", ".join(f"{name}={value}" for name, value in settings.items())
    return Check("proxy", "Proxy", "ok", observed or "No proxy is set.")


def trust_check() -> Check:
    """The trust store, and whether a proxy signs connections anew."""
    store = trust_store()
    if store.bundle is None:
        return Check("trust", "Trust store", "ok", "The system keeps its certificates itself.")
    observed = f"{store.certificates} certificates in {store.bundle}"
    if not store.certificates:
        step = "Install `ca-certificates`, or correct SSL_CERT_FILE."
        return Check("trust", "Trust store", "warning", f"{observed}.", step)
    if store.is_resigned:
        observed += (
            f", {store.own} of them this machine's own: a proxy that re-signs TLS is likely. "
            "They go along into stand-ins and builds"
        )
    return Check("trust", "Trust store", "ok", f"{observed}.")


def browser_check() -> Check:
    """The browser that the tests drive; learners need none of these."""
    observed = find_browser()
    if observed:
        return Check("browser", "Browser for the tests", "ok", f"{observed}.")
    return Check(
        "browser",
        "Browser for the tests",
        "warning",
        "No Chromium, Chrome or Edge was found. Lessons do not need one of these.",
        "`./workbook test` installs one where it may.",
    )
