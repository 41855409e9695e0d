"""What to do after a docker command that failed: one sentence below the engine's own words.

Sources: the messages of docker/cli, moby, containerd and runc as they were met; exit codes from
the reference of `docker run` ("Exit status").
"""

from __future__ import annotations

import re

from helpers.model.command.compose_command import compose_command
from helpers.model.command.compose_rows import ComposeRows
from helpers.model.command.compose_words import COMPOSE_WORDS
from helpers.model.command.container_words import CONTAINER_WORDS
from helpers.model.command.engine_words import ENGINE_WORDS
from helpers.model.command.typed_command import TypedCommand
from helpers.model.text.trouble import Trouble, trouble_in

_PATTERNS = tuple(
    (re.compile(words, re.IGNORECASE | re.MULTILINE), step)
    for words, step in (*COMPOSE_WORDS, *CONTAINER_WORDS, *ENGINE_WORDS)
)
_BY_TROUBLE = {
    Trouble.FULL_DISK: "The engine's disk is full: see `%docker system df`, then make room.",
    Trouble.PORT_IN_USE: (
        "Publish another port, or stop what has that one: a container, if `%docker ps` shows the "
        "port, or else another program of the engine's machine."
    ),
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
    Trouble.NOT_TRUSTED: (
        "Put the certificate of that server's CA where the engine looks for it: "
        "/etc/docker/certs.d/HOST/ca.crt on its machine."
    ),
    Trouble.NETWORK_UNREACHABLE: "The engine's machine has no way there: see to its network.",
    Trouble.WRONG_BYTES: (
        "Other bytes came than were promised: try again; a proxy in between may change them."
    ),
}  # fmt: skip
_OF_REGISTRIES = (
    Trouble.PLAIN_HTTP, Trouble.CONNECTION_REFUSED, Trouble.NAME_NOT_RESOLVED,
    Trouble.NO_ANSWER_IN_TIME, Trouble.NO_SUCH_TAG, Trouble.NO_SUCH_REPOSITORY,
    Trouble.LOGIN_WANTED, Trouble.PULLS_USED_UP, Trouble.NOT_TRUSTED,
    Trouble.NETWORK_UNREACHABLE, Trouble.WRONG_BYTES,
)  # fmt: skip
_ASKED_A_REGISTRY = re.compile(
    r"\b(?:get|head|post|put|patch)\b[^\n]*https?://"
    r"|failed to (?:resolve|do request|fetch|copy|push)|pull access denied"
    r"|requested access to the resource|manifest|toomanyrequests|pull rate limit"
    r"|login attempt|authentication required|repository",
    re.IGNORECASE,
)
# What docker, its engine and the runtime begin a line with that they print beside a program's own.
_OF_THE_ENGINE = re.compile(
    r"docker: |[\"']docker \w+[\"'] requires|cannot attach stdin to a TTY"
    r"|Error response from daemon|OCI runtime|Error: (?:No such|OCI|container)"
    r"|exec (?:/|\w)\S*: |exec(?:utable)? file |standard_init_linux|the input device is not a TTY"
    r"|cannot attach stdin to a TTY-enabled container"
    r"|permission denied while trying to connect|Cannot connect to the Docker daemon"
)
# What docker says first where it began no program; one in a container hardly begins so.
_NOTHING_RAN = re.compile(
    r"docker: |Error response from daemon|Error: No such |\"docker \w+\" requires "
    r"|the input device is not a TTY|cannot attach stdin to a TTY-enabled container"
    r"|permission denied while trying to connect|Cannot connect to the Docker daemon"
    r"|error during connect: "
)
# What Compose says first where it began none.
_NOTHING_COMPOSED = re.compile(
    r"no such service|service \"|no configuration file|(?:compose file \")?[^\n]*\.ya?ml\b"
    r"|yaml: |go-yaml |services\.|error while interpolating|invalid (?:interpolation|project) "
    r"|env file |unknown |dependency |container \S+ (?:exited|is unhealthy)|no service selected"
    r"|unable to upgrade"
)
_RUN_FAILED, _CANNOT_EXECUTE, _NOT_FOUND, _SIGNALS = 125, 126, 127, range(129, 193)
NO_PROGRAM = (_CANNOT_EXECUTE, _NOT_FOUND)


def next_step(words: str) -> str:
    """One sentence for whoever reads the engine's words for the first time; "" for none known."""
    for pattern, step in _PATTERNS:
        if match := pattern.search(words):
            return step.format(*(group for group in match.groups() if group))
    trouble = trouble_in(words)
    if trouble in _OF_REGISTRIES and not _ASKED_A_REGISTRY.search(words):
        return ""
    return _BY_TROUBLE.get(trouble, "") if trouble else ""


def step_after(command: TypedCommand, exit_code: int, words: str, printed: str = "") -> str:
    """The next step for a command that said this and ended so; "" for none known.

    `words` came on standard error, `printed` on standard output. What the program in the container
    printed is its own affair, whatever it reads like.
    """
    if exit_code in NO_PROGRAM:  # then `docker exec` says why on standard output
        return next_step(words + printed)
    if not program_ran(command, exit_code, words, printed):
        return next_step(words)
    return next_step("\n".join(line for line in words.splitlines() if _OF_THE_ENGINE.match(line)))


def outcome(command: TypedCommand, exit_code: int, words: str = "", printed: str = "") -> str:
    """What an exit code other than 0 says of that command, as a sentence.

    `words` came on standard error, `printed` on standard output.
    """
    if not program_ran(command, exit_code, words, printed):
        begins = command.verb == "run" and not command.is_detached and exit_code == _RUN_FAILED
        who = "before the container's program began, " if begins else ""
        program = "compose" if command.verb == "compose" else "docker"
        return f"{who}{program} ended with exit code {exit_code}.".capitalize()
    if exit_code == _CANNOT_EXECUTE:
        return "Exit code 126: the program is there and cannot be executed."
    if exit_code == _NOT_FOUND:
        return "Exit code 127: there is no such program in the container."
    if exit_code in _SIGNALS:
        return f"The program in the container was ended by signal {exit_code - 128}."
    return f"The program in the container ended with exit code {exit_code}."


def program_ran(command: TypedCommand, exit_code: int, words: str, printed: str = "") -> bool:
    """Whether the exit code is that of a program in the container, or of its beginning.

    It is not where docker's own words are the first that came, and nothing else did.
    """
    if not _may_run(command) or exit_code == _RUN_FAILED:
        return False
    if exit_code in NO_PROGRAM or printed:
        return True
    if command.verb == "compose":
        words = _without_progress(words)
        return not (_NOTHING_RAN.match(words) or _NOTHING_COMPOSED.match(words))
    return not _NOTHING_RAN.match(words.lstrip())


def _without_progress(words: str) -> str:
    """What Compose, or the program, says beside its progress and its warnings."""
    rows = ComposeRows()
    lines = words.strip("\n").splitlines()
    kept = (line for line in lines if not (rows.take(line) or line.startswith("time=")))
    return "\n".join(kept).lstrip()


def _may_run(command: TypedCommand) -> bool:
    """Whether its exit code may be that of a program in the container."""
    if command.verb == "start":
        return command.has("attach", "a", "interactive", "i")
    if command.verb == "compose":
        return compose_command(command).runs_program
    return command.verb in ("run", "exec", "attach") and not command.is_detached
