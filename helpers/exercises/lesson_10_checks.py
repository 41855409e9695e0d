"""How the exercises of lesson 10 on data are judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from helpers.exercises.lookup import find_container, find_volume
from helpers.model.course.exercise import Finding, not_started, not_yet, passed
from helpers.model.isolation.process_status import parse_status
from helpers.model.text.answer_parts import moment_in, part_of, tables_of, text_in
from helpers.model.volume.volume_files import VolumeFile, VolumeFiles

if TYPE_CHECKING:
    from helpers.engine.container.container import Container
    from helpers.engine.docker import Docker

READER, DIARY, DATA, PAGE = "reader", "diary", "/data", "page"
DIARY_EXPECTED = (
    f"`{READER}` has the volume `{DIARY}` at `{DATA}`, is not root, and finds there a `{PAGE}` of "
    "its own user that is older than itself"
)
OLD, NEW, KEEPER, CLERK = "orders", "orders-2", "keeper", "clerk"
ORDERS, CLERK_USER = "/orders", 1234
RESTORED_EXPECTED = (
    f"the volume `{NEW}`, at `{ORDERS}` of `{CLERK}`, has what the archive has, with its owners "
    f"and modes; `{CLERK}` runs as user {CLERK_USER}; `{OLD}` is as it was"
)


def _file(path: str, mode: str, owner: str, text: str) -> VolumeFile:
    digest = sha256(text.encode()).hexdigest()
    return VolumeFile(path, mode, owner, len(text), digest)


ARCHIVED = VolumeFiles(
    (
        VolumeFile(".", "drwxr-xr-x", "1234:1234"),
        VolumeFile("2026", "drwxr-xr-x", "1234:1234"),
        _file("2026/monday", "-rw-------", "1234:1234", "3 tea\n"),
        _file("2026/tuesday", "-rw-------", "1234:1234", "1 bread\n"),
        _file("state", "-rw-r--r--", "0:0", "closed\n"),
    )
)


def check_diary(docker: Docker) -> Finding:
    """Whether what one container wrote was found by a later one, which is not root."""
    box = find_container(docker, READER)
    if box is None:
        return not_started(f"There is no container named `{READER}` yet.", DIARY_EXPECTED)
    if box.status != "running":
        return not_yet(
            f"`{READER}` is {box.status}.", DIARY_EXPECTED, "Which program lasts longer?"
        )
    return (
        _not_the_volume(_mount_at(docker, READER, DATA))
        or _root(box)
        or _no_page(docker, box)
        or passed(f"`{READER}` reads what was written before it was there.")
    )


def _not_the_volume(mount: Mapping[str, Any] | None) -> Finding | None:
    kind, name = text_in(mount, "Type"), text_in(mount, "Name")
    if mount is None:
        return not_yet(
            f"Nothing is mounted at `{DATA}` of `{READER}`, so it is in the writable layer.",
            DIARY_EXPECTED,
            "What becomes of that layer with `docker rm`?",
        )
    if kind != "volume":
        return not_yet(
            f"`{DATA}` of `{READER}` is a {kind}, and no volume.",
            DIARY_EXPECTED,
            "How does `-v` tell a volume's name from a folder's path?",
        )
    if name != DIARY:
        return not_yet(
            f"`{DATA}` of `{READER}` is a volume, and it is not called `{DIARY}`.",
            DIARY_EXPECTED,
            "What stands before the colon in `-v`?",
        )
    return None


def _root(box: Container) -> Finding | None:
    if _user_of(box) != 0:
        return None
    return not_yet(
        f"`{READER}` runs as root.",
        DIARY_EXPECTED,
        "Which image of this lesson names another user, and has a folder for it?",
    )


def _no_page(docker: Docker, box: Container) -> Finding | None:
    diary = docker.volume(DIARY)
    page = next((file for file in diary.files() if file.path == PAGE), None)
    if page is None or not page.size_bytes:
        return not_yet(
            f"In the volume `{DIARY}` there is no `{PAGE}` with anything on it.",
            DIARY_EXPECTED,
            f"Who could have written `{DATA}/{PAGE}`, before `{READER}` was there?",
        )
    owner, user = page.owner.partition(":")[0], _user_of(box)
    if owner and user is not None and owner != str(user):
        return not_yet(
            f"The `{PAGE}` is user {owner}'s, and `{READER}` is user {user}: it cannot write on.",
            DIARY_EXPECTED,
            "As which user must the first container write?",
        )
    inspected: Any = docker.client.api.inspect_container(READER)
    if (diary.modified_seconds(PAGE) or 0) > moment_in(inspected, "Created"):
        return not_yet(
            f"The `{PAGE}` was written after `{READER}` was made.",
            DIARY_EXPECTED,
            "A restart keeps the container, layer and all. What proves that the page outlives one?",
        )
    return None


def check_restored(docker: Docker) -> Finding:
    """Whether an archive was brought back into a new volume, owners included."""
    box, new = find_container(docker, CLERK), find_volume(docker, NEW)
    if box is None and new is None:
        return not_started(f"There is no `{NEW}` and no `{CLERK}` yet.", RESTORED_EXPECTED)
    if box is None:
        return not_yet(
            f"There is a volume `{NEW}`, and no container named `{CLERK}`.",
            RESTORED_EXPECTED,
            "Who is to read what you restored?",
        )
    if box.status != "running":
        return not_yet(
            f"`{CLERK}` is {box.status}.", RESTORED_EXPECTED, "Which program lasts longer?"
        )
    mount = _mount_at(docker, CLERK, ORDERS)
    if text_in(mount, "Name") != NEW or new is None:
        return not_yet(
            f"`{ORDERS}` of `{CLERK}` is not the volume `{NEW}`.",
            RESTORED_EXPECTED,
            "What stands before the colon in `-v`, and what behind it?",
        )
    return (
        _old_changed(docker)
        or _restored_otherwise(new.files())
        or _another_user(box)
        or passed(f"`{NEW}` has what the archive has, to the byte and to the owner.")
    )


def _old_changed(docker: Docker) -> Finding | None:
    old = find_volume(docker, OLD)
    if old is None:
        return not_yet(
            f"The volume `{OLD}` is gone.",
            RESTORED_EXPECTED,
            "What if the archive had been damaged? Run the cell above once more.",
        )
    # Where no container has it any more, only a new one could look into it.
    if old.containers and not _is_archived(old.files()):
        return not_yet(
            f"In the volume `{OLD}` something has changed.",
            RESTORED_EXPECTED,
            "Into which volume were the files to go? Run the cell above once more.",
        )
    return None


def _restored_otherwise(files: VolumeFiles) -> Finding | None:
    there, wanted = ({file.path: file for file in each} for each in _comparable(files))
    if len(there) == 1:
        return not_yet(
            f"`{NEW}` is empty.", RESTORED_EXPECTED, "Which container sees archive and volume?"
        )
    if missing := sorted(wanted.keys() - there.keys()):
        return _missing(missing[0], any(path.endswith(f"/{missing[0]}") for path in there))
    if more := sorted(there.keys() - wanted.keys()):
        return not_yet(f"`{NEW}` has `{more[0]}`, too.", RESTORED_EXPECTED, "Is it in the archive?")
    different = (_different(there[path], file) for path, file in wanted.items())
    return next((finding for finding in different if finding), None)


def _is_archived(files: VolumeFiles) -> bool:
    there, wanted = _comparable(files)
    return there == wanted


def _comparable(files: VolumeFiles) -> tuple[VolumeFiles, VolumeFiles]:
    """The files and those of the archive, each with what this engine tells: Podman tells less."""
    has_root = any(file.path == "." for file in files)
    whole = files if has_root else VolumeFiles((ARCHIVED[0], *files))
    if all(file.owner for file in files):
        return whole, ARCHIVED
    one, other = (
        VolumeFiles(replace(file, owner="") for file in each) for each in (whole, ARCHIVED)
    )
    return one, other


def _missing(path: str, is_deeper: bool) -> Finding:
    if is_deeper:
        return not_yet(
            f"`{path}` is not where it was: it lies deeper in `{NEW}`.",
            RESTORED_EXPECTED,
            "With which folder do the names in the archive begin (`tar t`), and what must `-C` be?",
        )
    return not_yet(
        f"`{path}` is missing in `{NEW}`.",
        RESTORED_EXPECTED,
        "Did `tar x` unpack the whole archive, and into the volume?",
    )


def _different(there: VolumeFile, wanted: VolumeFile) -> Finding | None:
    if there.sha256 != wanted.sha256:
        return not_yet(
            f"`{wanted.path}` has another content.",
            RESTORED_EXPECTED,
            "Who has written to it since?",
        )
    if there == wanted:
        return None
    return not_yet(
        f"`{wanted.path}` is {there.mode} of {there.owner}; in the archive it is {wanted.mode} of "
        f"{wanted.owner}.",
        RESTORED_EXPECTED,
        "Who alone may give files to others, and does your `tar x` keep the owners?",
    )


def _another_user(box: Container) -> Finding | None:
    if (user := _user_of(box)) in (CLERK_USER, None):
        return None
    return not_yet(
        f"`{CLERK}` runs as user {user}.",
        RESTORED_EXPECTED,
        f"Which option makes it user {CLERK_USER}, whose the orders are?",
    )


def _user_of(box: Container) -> int | None:
    status = parse_status(box.exec(["cat", "/proc/1/status"]))
    return status.user if status else None


def _mount_at(docker: Docker, name: str, target: str) -> Mapping[str, Any] | None:
    inspected: Any = docker.client.api.inspect_container(name)
    if target in part_of(inspected, "HostConfig", "Tmpfs"):
        return {"Type": "tmpfs"}
    mounts = tables_of(inspected, "Mounts")
    return next((item for item in mounts if text_in(item, "Destination") == target), None)
