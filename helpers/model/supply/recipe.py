"""How an image is made of Debian's packages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StandInRecipe:
    """How an image is made of Debian's packages where the official one cannot be had.

    `variant` is mmdebstrap's; `script` names the file in engine/supply/stand_ins that finishes it;
    `instructions` are what the image's configuration says, as in a Dockerfile; its label tells the
    versions of `labelled_packages`. With `trusts` the machine's certificates and proxies go in,
    with `has_pip` its pip settings too. `without` are packages that are not fetched though others
    need them. `tree` names the unpacked packages of which it is made beside these: "docker" are
    those of the workbook's own engine. `suite` is Debian's name of one, empty for the usual;
    `sources` are source packages that it compiles, which takes minutes; `part` is the recipe of an
    archive that goes into it, `scripts` what its script borrows from others.
    """

    variant: str
    packages: tuple[str, ...]
    script: str
    instructions: tuple[str, ...]
    labelled_packages: tuple[str, ...]
    trusts: bool = False
    has_pip: bool = False
    without: tuple[str, ...] = ()
    tree: str = ""
    suite: str = ""
    sources: tuple[str, ...] = ()
    part: StandInRecipe | None = None
    scripts: tuple[str, ...] = ()
