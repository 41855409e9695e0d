"""Rules on what a container's processes may do: users, capabilities, filters of the kernel."""

from __future__ import annotations

from helpers.model.audit.container_facts import ContainerFacts
from helpers.model.audit.engine_facts import EngineFacts
from helpers.model.audit.finding import Judged, Rule, fails, for_a_person, passes

# What Docker leaves root in a container; adding one of these changes nothing.
# Source: moby, oci/caps/defaults.go.
DEFAULT_CAPS = frozenset(
    (
        *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD"),
        *("NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
    )
)
_OPTION = "--security-opt"


def _root(container: ContainerFacts, _: EngineFacts) -> Judged:
    if container.user.partition(":")[0] in ("", "0", "root"):
        seen = f"runs as user {container.user!r}" if container.user else "no user is set: root"
        return fails(seen, "--user 65534:65534 (better: USER in the Dockerfile)")
    return passes(f"runs as user {container.user!r}")


def _apparmor(container: ContainerFacts, engine: EngineFacts) -> Judged:
    profile = container.apparmor_profile
    if not engine.has_apparmor:
        return Judged("not here", "this engine has no AppArmor")
    if profile and profile != "unconfined":
        return passes(f"profile {profile}")
    return fails(f"profile {profile or 'none'}", f"{_OPTION} apparmor=docker-default")


def _selinux(container: ContainerFacts, engine: EngineFacts) -> Judged:
    """The script counts any security option; a label that is switched off confines nothing."""
    labels = _security_values(container, "label")
    if not engine.has_selinux:
        return Judged("not here", "this engine has no SELinux")
    if "disable" in labels:
        return fails("label=disable", f"leave out {_OPTION} label=disable")
    if container.security_options:
        return passes(", ".join(container.security_options))
    return fails("no security option", f"{_OPTION} label=level:s0:c100,c200")


def _cap_add(container: ContainerFacts, _: EngineFacts) -> Judged:
    added = [name.upper().removeprefix("CAP_") for name in container.cap_add]
    more = [name for name in added if name not in DEFAULT_CAPS]
    if more:
        leave_out = " ".join(f"--cap-add {name}" for name in more)
        return fails(f"added: {', '.join(more)}", f"leave out {leave_out}; --cap-drop ALL")
    return passes("no more than Docker's own")


def _privileged(container: ContainerFacts, _: EngineFacts) -> Judged:
    if container.is_privileged:
        return fails("privileged", "leave out --privileged; --cap-add what it needs")
    return passes("not privileged")


def _ssh(container: ContainerFacts, _: EngineFacts) -> Judged:
    if container.commands is None:
        return Judged("unknown", container.why_no_commands)
    for command in container.commands:
        program = (command.split() or [""])[0].rpartition("/")[2]
        if "sshd" in program:
            return fails(
                f"runs {program.rstrip(':')}", "none: an image without it, and `docker exec`"
            )
    return passes("no sshd among its processes")


def _seccomp(container: ContainerFacts, engine: EngineFacts) -> Judged:
    if "unconfined" in _security_values(container, "seccomp"):
        return fails("seccomp=unconfined", f"leave out {_OPTION} seccomp=unconfined")
    if not engine.has_seccomp:
        return for_a_person("nothing switches it off, and this engine has no seccomp")
    return passes("nothing switches it off")


def _new_privileges(container: ContainerFacts, engine: EngineFacts) -> Judged:
    """The script is content with `no-new-privileges=false`, which asks for the contrary."""
    values = [option.replace(":", "=", 1) for option in container.security_options]
    if {"no-new-privileges", "no-new-privileges=true"} & set(values):
        return passes("no-new-privileges")
    if "no-new-privileges=false" not in values and engine.forbids_new_privileges:
        return passes("no-new-privileges, by the engine's own settings")
    return fails("a setuid program may gain more", f"{_OPTION} no-new-privileges")


def _exec_privileged(_: ContainerFacts, __: EngineFacts) -> Judged:
    return Judged("unknown", "the engine keeps no list of `docker exec --privileged`")


def _exec_as_root(_: ContainerFacts, __: EngineFacts) -> Judged:
    return Judged("unknown", "the engine keeps no list of `docker exec --user root`")


def _security_values(container: ContainerFacts, key: str) -> set[str]:
    """The values of a security option, which older clients write with a colon."""
    options = (option.replace(":", "=", 1).partition("=") for option in container.security_options)
    return {value for name, _, value in options if name == key}


RULES = (
    Rule("4.1", "its user is not root", _root),
    Rule("5.2", "AppArmor confines it", _apparmor),
    Rule("5.3", "SELinux confines it", _selinux),
    Rule("5.4", "no capabilities on top of Docker's", _cap_add),
    Rule("5.5", "it is not privileged", _privileged),
    Rule("5.7", "no SSH server runs in it", _ssh),
    Rule("5.22", "seccomp filters its system calls", _seccomp),
    Rule("5.23", "nobody entered it with --privileged", _exec_privileged),
    Rule("5.24", "nobody entered it as root", _exec_as_root),
    Rule("5.26", "it cannot gain privileges", _new_privileges),
)
