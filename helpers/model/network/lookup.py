"""What the resolver of a container answers for names: how it is asked, and its answers understood.

The script asks for all names at once, each in a process of its own: where nobody knows a name, the
engine asks further resolvers, which may take seconds. An answer is written in one piece.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_NAMES = 40
_ADDRESS = re.compile(r"^Address(?: \d+)?:\s*(\S+)", re.MULTILINE)
_UNKNOWN = ("NXDOMAIN", "can't resolve", "does not resolve")
SCRIPT = """\
b=/bin/busybox; m=$1; known=$2; shift 2
s=$($b sed -n 's/^nameserver *//p' /etc/resolv.conf | $b head -n 1); echo "$m $s"
case " $known " in *" $s "*) ;; *) exit 0 ;; esac
for n in "$@"; do (a=$($b timeout 6 $b nslookup "$n" "$s" 2>&1); echo "$m $n
$a") & done; wait
"""


@dataclass(frozen=True)
class NameAnswer:
    """What was answered for one name: addresses, or words that say why there are none."""

    name: str
    addresses: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True)
class Lookup:
    """What the resolver of one container answered; `server` is who was asked.

    Where that is none of the engine's own, as on the default bridge, nothing was asked: names of
    containers are nobody else's business. `trouble` says why nobody could ask. `left_out` names
    were not asked for.
    """

    source: str
    server: str = ""
    is_engines: bool = False
    answers: tuple[NameAnswer, ...] = ()
    trouble: str = ""
    left_out: int = 0


def lookup_words(mark: str, names: tuple[str, ...], resolvers: tuple[str, ...]) -> tuple[str, ...]:
    """The command that asks, if its resolver is one of these; nobody can guess the mark."""
    known = " ".join(resolvers)
    return ("/bin/busybox", "sh", "-c", SCRIPT, "sh", mark, known, *names[:MOST_NAMES])


def lookup_from(
    source: str, names: tuple[str, ...], resolvers: tuple[str, ...], mark: str, output: str
) -> Lookup:
    """What came of it, in the order of the names; `mark` begins each answer."""
    first, *rest = output.split(f"{mark} ")[1:] or [""]
    server, parts = first.strip(), dict(_name_and_text(part) for part in rest)
    answers = tuple(_answer(name, parts[name]) for name in names if name in parts)
    left_out = max(0, len(names) - MOST_NAMES)
    return Lookup(source, server, server in resolvers, answers, left_out=left_out)


def _name_and_text(part: str) -> tuple[str, str]:
    name, _, text = part.partition("\n")
    return name.strip(), text


def _answer(name: str, text: str) -> NameAnswer:
    """The first address is the server's own."""
    _, _, after = text.partition("Name:")
    addresses = tuple(dict.fromkeys(_ADDRESS.findall(after)))
    if addresses:
        return NameAnswer(name, tuple(sorted(addresses)))
    if any(words in text for words in _UNKNOWN):
        return NameAnswer(name, words="unknown name")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return NameAnswer(name, words=lines[-1] if lines else "no answer")
