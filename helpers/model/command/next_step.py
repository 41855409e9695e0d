"""What to do after a docker command that failed: one sentence below the engine's own words.

Sources: the messages of docker/cli, moby, containerd and runc as they were met; exit codes from
the reference of `docker run` ("Exit status").
"""

from __future__ import annotations

import re

from helpers.model.command.typed_command import TypedCommand
from helpers.model.text.trouble import Trouble, trouble_in

_TERMINAL = "A cell is no terminal: type it in one (File → New → Terminal), without the `%`."
_LIST_CONTAINERS = "`%docker ps --all` lists the containers that there are."
# The first that fits counts; a group in the pattern goes into the sentence.
_BY_WORDS = (
    (
        r'container name "/?([^"]+)" is already in use',
        "Choose another name, or remove that one if it is yours: `%docker rm --force {}`.",
    ),
    (
        r"not a TTY|stdin is not a terminal|inappropriate ioctl",
        _TERMINAL,
    ),
    (
        r"no such container",
        _LIST_CONTAINERS,
    ),
    (
        r"container [0-9a-f]+ is not running|is not running",
        "Start it first; `%docker ps --all` says how it ended.",
    ),
    (
        r"cannot remove container .*(?:running|paused)|stop the container before",
        "Stop it first, or remove it running with `--force`.",
    ),
    (
        r"conflict: unable to (?:delete|remove).*(?:container|image is being used)",
        "A container still uses it: remove that one first.",
    ),
    (
        r"(?:exec|executable)[^\n]*: no such file or directory|executable file not found",
        "The image has no such program: see to the spelling, and to what the image has.",
    ),
    (
        r'exec: "[^"\n]*": permission denied',
        "It is a folder or a file that may not be executed: `chmod +x` where the image is made.",
    ),
    (
        r"exec format error",
        "It was made for another processor, or it is a script without a first line `#!/bin/sh`.",
    ),
    (
        r"permission denied[^\n]*docker\.sock|permission denied while trying to connect",
        "This user may not speak to the engine: `./workbook doctor` says what to do.",
    ),
    (
        r"cannot connect to the docker daemon|error during connect|is the docker daemon running",
        "No engine answers there: see `./workbook doctor`.",
    ),
    (
        r"network ([^\s]+) not found",
        "`%docker network ls` lists the networks that there are.",
    ),
    (
        r"no such volume|get \S+: no such volume",
        "`%docker volume ls` lists the volumes that there are.",
    ),
    (
        r"bind source path does not exist: (\S+)",
        "Paths are the engine's machine's: see to the spelling, or make the folder first.",
    ),
    (
        r"invalid reference format|repository name must be lowercase",
        "A name has small letters, digits and `. _ - /`, then perhaps `:` and a tag.",
    ),
    (
        r"unknown (?:shorthand )?flag|unknown command|is not a docker command",
        "See to the spelling; `--help` behind a command lists what it takes.",
    ),
    (
        r"requires (?:at least|exactly|at most)? ?\d+ argument|accepts \d+ arg",
        "`--help` behind the command shows what it wants to be told.",
    ),
    (
        r"invalid (?:container ?port|hostport|publish)|invalid port",
        "It is `-p OUTSIDE:INSIDE`: a port of this machine first, the container's second.",
    ),
    (
        r"includes invalid characters for a local volume name|invalid volume specification",
        "A folder begins with `/`; no shell reads this line, so `$PWD` and `~` stay as they are. "
        "`{{name}}` puts in a Python value.",
    ),
    (
        r"failed to read dockerfile|dockerfile: no such file|unable to prepare context"
        r"|unable to evaluate",
        "Name the folder that the Dockerfile is in; paths are seen from the notebook's folder.",
    ),
    (
        r"minimum memory limit",
        "Give it at least 6 MB: `-m 6m`.",
    ),
    (
        r"unable to find user|no matching entries in passwd",
        "The image has no such user: name one that it has, or a number.",
    ),
)  # fmt: skip
_PATTERNS = tuple((re.compile(words, re.IGNORECASE | re.DOTALL), step) for words, step in _BY_WORDS)
_BY_TROUBLE = {
    Trouble.FULL_DISK: "The engine's disk is full: see `%docker system df`, then make room.",
    Trouble.PORT_IN_USE: "Publish another port, or stop what has that one: `%docker ps`.",
    Trouble.NO_SUCH_IMAGE_HERE: "`%docker images` lists the images that are there.",
    Trouble.PULLS_USED_UP: "Docker Hub counts pulls per address: `docker login`, or wait.",
    Trouble.PLAIN_HTTP: "That registry speaks no TLS: only one on localhost may.",
    Trouble.CONNECTION_REFUSED: "Nothing listens at that address: see whether it runs.",
    Trouble.NAME_NOT_RESOLVED: (
        "That name is known to nobody here: see to its spelling, and to the network."
    ),
    Trouble.NO_ANSWER_IN_TIME: "No answer in time: see to the network, then run the cell again.",
    Trouble.NO_SUCH_TAG: "The repository has no such tag: see to the spelling.",
    Trouble.NO_SUCH_REPOSITORY: (
        "See to the spelling; a private repository needs `docker login` in a terminal."
    ),
    Trouble.LOGIN_WANTED: "The registry wants to know who asks: `docker login` in a terminal.",
}  # fmt: skip
_RUN_FAILED, _CANNOT_EXECUTE, _NOT_FOUND, _SIGNALS = 125, 126, 127, range(129, 193)
NO_PROGRAM = (_CANNOT_EXECUTE, _NOT_FOUND)


def next_step(words: str) -> str:
    """One sentence for whoever reads the engine's words for the first time; "" for none known."""
    for pattern, step in _PATTERNS:
        if match := pattern.search(words):
            return step.format(*match.groups())
    if trouble := trouble_in(words):
        return _BY_TROUBLE.get(trouble, "")
    return ""


def outcome(command: TypedCommand, exit_code: int) -> str:
    """What an exit code other than 0 says of that command, as a sentence."""
    ran = command.verb in ("run", "exec") and not command.is_detached
    if not ran or exit_code == _RUN_FAILED:
        who = "before the container's program began, " if ran else ""
        return f"{who}docker ended with exit code {exit_code}.".capitalize()
    if exit_code == _CANNOT_EXECUTE:
        return "Exit code 126: the program is there and cannot be executed."
    if exit_code == _NOT_FOUND:
        return "Exit code 127: there is no such program in the container."
    if exit_code in _SIGNALS:
        return f"The program in the container was ended by signal {exit_code - 128}."
    return f"The program in the container ended with exit code {exit_code}."
