"""What a tree of unpacked packages is made of, and what is left out of it."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from fnmatch import translate
from hashlib import sha256

# What only a system that is configured and booted needs, or what the host has anyway.
CONFIGURED_ONLY = (
    *("adduser", "cdebconf", "debconf", "debconf-2.0", "dpkg", "init-system-helpers", "perl"),
    *("perl-base", "systemd", "systemd-sysv", "ucf", "libc-gconv-modules-extra", "tzdata"),
    *("openssl-provider-legacy", "media-types", "lsb-base", "sensible-utils", "gnupg"),
)
# What nobody runs or reads who uses the programs: documents, translations, services of an init
# system, what compilers and reporters of bugs take.
NEVER_RUN = (
    *("usr/share/doc/*", "usr/share/man/*", "usr/share/info/*", "usr/share/locale/*"),
    *("usr/share/lintian/*", "usr/share/bug/*", "usr/share/doc-base/*", "usr/share/menu/*"),
    *("usr/share/bash-completion/*", "usr/share/zsh/*", "usr/share/fish/*"),
    *("usr/share/initramfs-tools/*", "usr/share/apport/*", "usr/share/gcc*", "usr/share/gdb/*"),
    *("usr/lib/systemd/*", "usr/lib/udev/*", "usr/lib/*/gconv/*", "usr/include/*"),
    *("usr/lib/sysusers.d/*", "usr/lib/tmpfiles.d/*", "usr/lib/modprobe.d/*", "usr/lib/*/*.a"),
    *(
        "usr/lib/*/pkgconfig/*",
        "usr/games/*",
        "usr/local/*",
        "usr/src/*",
        "usr/lib/init/*",
        "usr/lib/lsb/*",
    ),
)
_APART = ("suites", "architecture")
NOTHING_TRIMMED = re.compile(r"(?!)")


@dataclass(frozen=True)
class TreeRecipe:
    """A tree of packages of the first of `suites` that has them all.

    'experimental+unstable' is a suite on top of another: what the recipe names comes from there.
    `without` are packages that are not taken though others need them, `trimmed` patterns of paths
    that are left out, `links` (path, target) what dpkg would have set up as an alternative;
    `architecture` is Debian's name of one, empty for this machine's.
    """

    name: str
    suites: tuple[str, ...]
    packages: tuple[str, ...]
    without: tuple[str, ...] = CONFIGURED_ONLY
    trimmed: tuple[str, ...] = NEVER_RUN
    links: tuple[tuple[str, str], ...] = ()
    architecture: str = ""

    @property
    def fingerprint(self) -> str:
        """A short hash of what a tree of it has, whatever suite or architecture it is of."""
        parts = {key: value for key, value in asdict(self).items() if key not in _APART}
        return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]

    def trims(self) -> re.Pattern[str]:
        """The paths that are left out, as a pattern for all of the path."""
        return re.compile("|".join(translate(pattern) for pattern in self.trimmed) or r"(?!)")


# Alternatives of Debian's iptables: it speaks to nf_tables, as it does where dpkg configures it.
IPTABLES_LINKS = tuple(
    (f"usr/sbin/{family}tables{action}", f"{family}tables-nft{action}")
    for family in ("ip", "ip6")
    for action in ("", "-save", "-restore")
)
NETWORK_PACKAGES = ("iptables", "iproute2", "procps", "kmod")

# What containerd and runc bring along to be tried and debugged with: a sixth of their bytes.
_TRIALS = (
    *("usr/bin/ctr", "usr/bin/containerd-stress", "usr/lib/containerd/*", "usr/lib/cni/*"),
    *(f"usr/sbin/{name}" for name in ("fs-idmap", "pidfd-kill", "recvtty", "remap-rootfs")),
    *("usr/sbin/sd-helper", "usr/sbin/seccompagent", "usr/share/docker.io/*"),
)

# A Docker Engine with its client, builder and Compose.
DOCKER_TREE = TreeRecipe(
    "docker",
    ("testing", "stable"),
    (
        *("docker.io", "docker-cli", "docker-buildx", "docker-compose", "containerd", "runc"),
        *("tini", "apparmor", *NETWORK_PACKAGES),
    ),
    trimmed=(*NEVER_RUN, *_TRIALS),
    links=IPTABLES_LINKS,
)
# mmdebstrap, which makes images of packages, and all programs that it and the recipes' scripts run.
TOOLS_TREE = TreeRecipe(
    "tools",
    ("trixie",),
    (
        *("mmdebstrap", "apt", "dpkg", "perl", "sqv", "debian-archive-keyring"),
        *("coreutils", "dash", "findutils", "grep", "gzip", "mount", "sed", "tar", "util-linux"),
        "libc-bin",  # it has the locale C.UTF-8
    ),
    # dpkg and perl are what it is about; mmdebstrap has a helper in Python that is not run here.
    without=(
        *(name for name in CONFIGURED_ONLY if name not in ("dpkg", "perl", "perl-base")),
        *("base-passwd", "libpam-modules", "libpam-runtime", "liblastlog2-2", "python3"),
    ),
)
