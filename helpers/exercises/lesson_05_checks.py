"""How the exercises of lesson 05 are judged: by what is in the registry, and on the engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from helpers.errors import InvalidInput, NoSuchContainer, NotInRegistry
from helpers.model.course.exercise import Finding, not_started, not_yet, passed
from helpers.model.image.reference import ImageReference

if TYPE_CHECKING:
    from helpers.engine.docker import Docker
    from helpers.engine.registry.registry import Registry

ADDRESS = "localhost:5004"
SOUP, SOUP_TAGS = "kitchen/soup", ("1.0", "2.0")
SOUP_EXPECTED = (
    f"`{SOUP}` has the tags `1.0` and `2.0`, and the container `soup` was made from the digest "
    "of `1.0`"
)
TEA, TEA_TAGS, TWIN = "kitchen/tea", ("green", "mint", "herbal"), "twin"
TWIN_EXPECTED = f"`{TEA}:{TWIN}` leads to the image that two of the three tags share"
_NO_REGISTRY = "No registry of the workbook runs on this engine. `engine.registry()` starts it."


def check_soup(docker: Docker) -> Finding:
    """Whether both versions are published, and a container was made from the first's digest."""
    registry = docker.find_registry()
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
    try:
        reference = ImageReference.parse(name)
    except InvalidInput:
        reference = ImageReference("", name, None)
    if _is_id(docker, name):
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
    if (reference.registry, reference.digest) != (registry.address, digests["1.0"]):
        return not_yet(
            f"`soup` was made from `{name[:60]}…`, which is neither version in your registry.",
            SOUP_EXPECTED,
            f"Does the name begin with `{registry.address}/`, and is the digest that of `1.0`?",
        )
    return passed("`soup` is version 1 again, and stays it: a digest cannot be moved.")


def _is_id(docker: Docker, name: str) -> bool:
    """Whether `soup` was made from an image's ID, in full or its beginning, and from no name."""
    full = str(docker.client.api.inspect_container("soup")["Image"])
    return full.startswith(name) or full.removeprefix("sha256:").startswith(name)


def check_twin(docker: Docker) -> Finding:
    """Whether the tag for the twins leads to the image that two tags share."""
    registry = docker.find_registry()
    if registry is None:
        return not_started(_NO_REGISTRY, TWIN_EXPECTED)
    teas = _digests(registry, TEA, TEA_TAGS)
    shared = _shared(teas)
    if not shared:
        return not_started(f"The three teas are not in `{TEA}`: run the cell above.", TWIN_EXPECTED)
    twin = _digests(registry, TEA, (TWIN,)).get(TWIN)
    if twin is None:
        return not_started(f"`{TEA}` has no tag `{TWIN}` yet.", TWIN_EXPECTED)
    if twin in teas.values() and twin != shared:
        (lone,) = [tag for tag, digest in teas.items() if digest == twin]
        return not_yet(
            f"`{TWIN}` leads to the image of `{lone}`, and to that of no other tag.",
            TWIN_EXPECTED,
            "Which digest comes twice among the three?",
        )
    if twin != shared:
        return not_yet(
            f"`{TWIN}` leads to an image that none of the three tags leads to.",
            TWIN_EXPECTED,
            "Was it pulled from the registry, or is it another image of yours?",
        )
    both = " and ".join(f"`{tag}`" for tag, digest in teas.items() if digest == shared)
    return passed(f"{both} are twins, and `{TWIN}` leads to their image.")


def twin_hint(docker: Docker) -> str:
    """The second hint: the digests as they are now."""
    registry = docker.find_registry()
    teas = _digests(registry, TEA, TEA_TAGS) if registry else {}
    if not teas:
        return f"`registry.digest('{TEA}:green')` tells what a tag leads to, once it is there."
    listed = ", ".join(f"`{tag}` {digest[7:15]}…" for tag, digest in teas.items())
    return (
        f"Their digests: {listed}. Pull one of the two (`docker pull`), tag it (`docker tag`), "
        "push."
    )


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
