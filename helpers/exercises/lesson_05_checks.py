"""How the exercises of lesson 05 are judged: by what is in the registry, and on the engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from helpers.errors import InvalidInput, NoSuchContainer, NotInRegistry, RegistryError
from helpers.model.container.published import is_loopback
from helpers.model.course.exercise import Finding, not_started, not_yet, passed
from helpers.model.image.reference import ImageReference
from helpers.model.text.answer_parts import text_in

if TYPE_CHECKING:
    from helpers.engine.docker import Docker
    from helpers.engine.registry.registry import Registry

ADDRESS = "localhost:5004"
SOUP, SOUP_TAGS = "kitchen/soup", ("1.0", "2.0")
SOUP_EXPECTED = (
    f"`{SOUP}` has the tags `1.0` and `2.0`, and the container `soup` was made from the digest "
    "of `1.0`"
)
TEA, TEA_TAGS, TWINS = "kitchen/tea", ("green", "mint", "herbal"), "twins"
TWINS_EXPECTED = (
    f"the container `{TWINS}` was made from the digest that two of the three tags share"
)
_NO_REGISTRY = f"No registry answers at `{ADDRESS}`: start it as the lesson did."


def check_soup(docker: Docker) -> Finding:
    """Whether both versions are published, and a container was made from the first's digest."""
    registry = _registry(docker)
    if registry is None:
        return not_started(_NO_REGISTRY, SOUP_EXPECTED)
    digests = _digests(registry, SOUP, SOUP_TAGS)
    if not digests:
        return not_started(f"`{SOUP}` is not in the registry yet.", SOUP_EXPECTED)
    missing = [tag for tag in SOUP_TAGS if tag not in digests]
    if missing:
        return not_yet(
            f"`{SOUP}` has no tag `{missing[0]}`.",
            SOUP_EXPECTED,
            "Each version is pushed under a tag of its own. Which one is missing?",
        )
    if digests["1.0"] == digests["2.0"]:
        return not_yet(
            "Both tags lead to the same image.",
            SOUP_EXPECTED,
            "What must differ in the second Dockerfile, so that its image is another one?",
        )
    return _check_container(docker, registry, digests)


def _check_container(docker: Docker, registry: Registry, digests: Mapping[str, str]) -> Finding:
    try:
        name = docker.container("soup").image
    except NoSuchContainer:
        return not_yet(
            "Both versions are published, and no container is named `soup`.",
            SOUP_EXPECTED,
            "Which name of version 1 can nobody move to another image?",
        )
    reference = _reference(name)
    if _is_id(docker, "soup", name):
        return not_yet(
            f"`soup` was made from `{name[:19]}…`, which is an ID: it cannot move, but a registry "
            "does not know it.",
            SOUP_EXPECTED,
            "The digest stands after an `@`. Which digest does `1.0` lead to?",
        )
    if reference.digest is None:
        return not_yet(
            f"`soup` was made from `{name}`, which names no digest.",
            SOUP_EXPECTED,
            "That name may lead elsewhere tomorrow. What stands after an `@`?",
        )
    if reference.digest == digests["2.0"]:
        return not_yet(
            "`soup` was made from the digest of version 2.",
            SOUP_EXPECTED,
            "That is the one the customers dislike. Which digest does `1.0` lead to?",
        )
    is_there = _is_same_registry(reference.registry, registry.address)
    if not is_there or reference.digest != digests["1.0"]:
        return not_yet(
            f"`soup` was made from `{name[:60]}…`, which is neither version in your registry.",
            SOUP_EXPECTED,
            f"Does the name begin with `{registry.address}/`, and is the digest that of `1.0`?",
        )
    return passed("`soup` is version 1 again, and stays it: a digest cannot be moved.")


def _is_same_registry(address: str, other: str) -> bool:
    """Whether both lead to one registry: this machine's names for itself are one and the same."""
    (host, _, port), (other_host, _, other_port) = (
        each.rpartition(":") for each in (address, other)
    )
    both_here = is_loopback(host.strip("[]")) and is_loopback(other_host.strip("[]"))
    return address == other or (both_here and port == other_port)


def _is_id(docker: Docker, container: str, name: str) -> bool:
    """Whether it was made from an image's ID, in full or its beginning, and from no name."""
    full = text_in(docker.client.api.inspect_container(container), "Image")
    return full.startswith(name) or full.removeprefix("sha256:").startswith(name)


def check_twins(docker: Docker) -> Finding:
    """Whether the container of the twins was made from the digest that two tags share."""
    registry = _registry(docker)
    if registry is None:
        return not_started(_NO_REGISTRY, TWINS_EXPECTED)
    teas = _digests(registry, TEA, TEA_TAGS)
    shared = _shared(teas)
    if not shared:
        return not_started(
            f"The three teas are not in `{TEA}`: run the cell above.", TWINS_EXPECTED
        )
    try:
        name = docker.container(TWINS).image
    except NoSuchContainer:
        return not_started(f"No container is named `{TWINS}` yet.", TWINS_EXPECTED)
    if _is_id(docker, TWINS, name):
        return not_yet(
            f"`{TWINS}` was made from `{name[:19]}…`, which is an ID of this engine's.",
            TWINS_EXPECTED,
            "The digest stands after an `@`. Which one comes twice among the three?",
        )
    digest = _reference(name).digest
    if digest is None:
        return not_yet(
            f"`{TWINS}` was made from `{name}`, which names no digest.",
            TWINS_EXPECTED,
            "What tells of two tags that they lead to one image?",
        )
    return _judged_twins(teas, digest, shared)


def _judged_twins(teas: Mapping[str, str], digest: str, shared: str) -> Finding:
    if digest == shared:
        both = " and ".join(f"`{tag}`" for tag in teas if teas[tag] == shared)
        return passed(f"{both} are twins: both lead to {shared[:15]}….")
    alone = [tag for tag in teas if teas[tag] == digest]
    if alone:
        return not_yet(
            f"`{TWINS}` was made from the digest of `{alone[0]}`, which no other tag leads to.",
            TWINS_EXPECTED,
            "Which digest comes twice among the three?",
        )
    return not_yet(
        f"`{TWINS}` was made from a digest that none of the three tags leads to.",
        TWINS_EXPECTED,
        f"Was it a tea's? `registry.digest('{TEA}:green')` tells one.",
    )


def twins_hint(docker: Docker) -> str:
    """The second hint: the digests as they are now."""
    registry = _registry(docker)
    teas = _digests(registry, TEA, TEA_TAGS) if registry else {}
    if not teas:
        return f"`registry.digest('{TEA}:green')` tells what a tag leads to, once it is there."
    listed = ", ".join(f"`{tag}` {digest[7:15]}…" for tag, digest in teas.items())
    return (
        f"They begin with: {listed}. Then `%docker run --name {TWINS} {ADDRESS}/{TEA}@sha256:…`, "
        "with the one that comes twice, in full."
    )


def _registry(docker: Docker) -> Registry | None:
    """What answers at the lesson's address now, whoever started it."""
    try:
        return docker.registry_at(ADDRESS, seconds=0)
    except RegistryError:
        return None


def _reference(name: str) -> ImageReference:
    try:
        return ImageReference.parse(name)
    except InvalidInput:
        return ImageReference("", name, None)


def _shared(teas: Mapping[str, str]) -> str | None:
    """The digest that exactly two of the three have; None while the teas are not all there."""
    digests = list(teas.values())
    twice = {digest for digest in digests if digests.count(digest) == 2}
    return twice.pop() if len(digests) == len(TEA_TAGS) and twice else None


def _digests(registry: Registry, repository: str, tags: tuple[str, ...]) -> dict[str, str]:
    """{tag: digest} of those of the tags that are there."""
    digests: dict[str, str] = {}
    for tag in tags:
        try:
            digests[tag] = registry.digest(f"{repository}:{tag}")
        except NotInRegistry:
            continue
    return digests
