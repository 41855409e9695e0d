"""What went wrong, by the words of engines, registries and package managers.

Sources: the messages of moby, containerd, distribution, apt and pip as they were met.
"""

from __future__ import annotations

import re
from enum import Enum, auto

# What the kernel says, too, where it is its own tables that are full, and no disk.
_FULL_KERNEL = (
    r"(?:cgroup|cpuset|session key|keyring|inotify|fsnotify)[^\n]*"
    r"(?:no space left|quota exceeded|too many open files)"
)
FULL_DISK = (
    r"(?i:no space left|enough free space|not enough space on the disk|disk quota exceeded"
    r'|"err":28\b)'
)


class Trouble(Enum):
    """The kinds of trouble that steer what is raised and what is advised."""

    FULL_KERNEL = auto()
    FULL_DISK = auto()
    NAME_IN_USE = auto()
    PORT_RESERVED = auto()
    PORT_IN_USE = auto()
    NO_SUCH_IMAGE_HERE = auto()
    PULLS_USED_UP = auto()
    WRONG_BYTES = auto()
    NO_IMAGE = auto()
    PUSHES_REFUSED = auto()
    NO_SUCH_PLATFORM = auto()
    NO_SUCH_TAG = auto()
    NO_SUCH_REPOSITORY = auto()
    LOGIN_WANTED = auto()
    NOT_TRUSTED = auto()
    PLAIN_HTTP = auto()
    NAME_NOT_RESOLVED = auto()
    CONNECTION_REFUSED = auto()
    NO_ANSWER_IN_TIME = auto()
    NETWORK_UNREACHABLE = auto()
    NOTHING_THERE = auto()
    BROKEN_OFF = auto()


# The first that fits counts, so causes stand before effects, and what is exact before what is not.
_WORDS = (
    (_FULL_KERNEL, Trouble.FULL_KERNEL),
    (FULL_DISK, Trouble.FULL_DISK),
    (r'container name "/?([^"]+)" is already in use', Trouble.NAME_IN_USE),
    (r"forbidden by its access permissions", Trouble.PORT_RESERVED),
    (
        r"port is already allocated|proxy already running"
        r"|(?:bind|listen|expos\w+|port)\b[^\n]*(?:address already in use|only one usage of each)",
        Trouble.PORT_IN_USE,
    ),
    (r"image does not exist locally|no such image", Trouble.NO_SUCH_IMAGE_HERE),
    (r"toomanyrequests|too many requests|rate limit", Trouble.PULLS_USED_UP),
    (
        r"unsupported media type application/|encountered remote \"|invalid rootfs in image config"
        r"|mismatched image rootfs and manifest layers|ai models are not yet supported",
        Trouble.NO_IMAGE,
    ),
    (
        r"verification failed|does not match|digest mismatch|unexpected (commit )?digest"
        r"|invalid checksum|failed size validation|invalid diffid",
        Trouble.WRONG_BYTES,
    ),
    (r"method not allowed|\bunsupported: ", Trouble.PUSHES_REFUSED),
    (r"no matching manifest|no match for platform", Trouble.NO_SUCH_PLATFORM),
    (r"manifest.*(unknown|not found)|not found: manifest", Trouble.NO_SUCH_TAG),
    (
        r"repository does not exist|name unknown|pull access denied"
        r"|failed to resolve reference.*: not found",
        Trouble.NO_SUCH_REPOSITORY,
    ),
    (r"unauthorized|authentication required|denied|403 forbidden", Trouble.LOGIN_WANTED),
    (r"x509|certificate", Trouble.NOT_TRUSTED),
    (r"server gave http response to https", Trouble.PLAIN_HTTP),
    (
        r"no such host|server misbehaving|name resolution|could not resolve|bad address",
        Trouble.NAME_NOT_RESOLVED,
    ),
    (r"connection refused", Trouble.CONNECTION_REFUSED),
    (r"timeout|deadline exceeded|awaiting headers", Trouble.NO_ANSWER_IN_TIME),
    (r"network is unreachable|no route", Trouble.NETWORK_UNREACHABLE),
    (r"not found|does not exist in", Trouble.NOTHING_THERE),
    (r"connection re|eof|broken pipe|try again", Trouble.BROKEN_OFF),
)
_PATTERNS = tuple((re.compile(words, re.IGNORECASE), trouble) for words, trouble in _WORDS)


def trouble_in(answer: str) -> Trouble | None:
    """What these words mean went wrong; None where they are not known."""
    return next((trouble for words, trouble in _PATTERNS if words.search(answer)), None)


def is_full_disk(answer: str) -> bool:
    """Whether these words say that a disk or a quota is full."""
    return trouble_in(answer) is Trouble.FULL_DISK
