"""Whose names a docker command touches: what it ends or removes, and what it takes a name from."""

from __future__ import annotations

from helpers.model.command.typed_command import TypedCommand

_KINDS = {
    **dict.fromkeys(("rm", "stop", "kill", "restart", "pause"), "containers"),
    "rmi": "images",
    "network rm": "networks",
    "volume rm": "volumes",
}


def touched(command: TypedCommand) -> tuple[str, tuple[str, ...]]:
    """(containers, images, networks or volumes, their names); ("", ()) for none.

    `docker run` is not among them: an engine refuses a name that is taken.
    """
    kind, names = _KINDS.get(command.verb, ""), command.arguments
    if command.verb == "build":
        kind, names = "images", tuple(command.values("tag", "t"))
    elif command.verb in ("tag", "commit", "import"):
        kind, names = "images", command.arguments[1:2]
    if kind == "images":
        names = tuple(name.removesuffix(":latest") for name in names)
    return (kind, names) if kind else ("", ())
