"""What a bundle has beside images: an engine, or Python packages, as artifacts of the OCI's.

Source: the OCI image specification 1.1, manifest.md, "Guidelines for Artifact Usage". Other tools
read the file as the layout that it is, and pass over a type that they do not know.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from helpers.errors import InvalidInput
from helpers.model.image.descriptor import Descriptor
from helpers.model.image.platform import Platform

ENGINE_TYPE = "application/vnd.docker-workbook.engine.v1"
PACKAGES_TYPE = "application/vnd.docker-workbook.python-packages.v1"
# An artifact's manifest says by it how a blob is called (annotations.md).
TITLE = "org.opencontainers.image.title"
PYTHON = "docker-workbook.python"
REQUIREMENTS = "docker-workbook.requirements"


@dataclass(frozen=True)
class BundledArtifact:
    """One engine, or the packages of one Python, for one platform."""

    manifest: Descriptor

    @staticmethod
    def is_known(entry: Descriptor) -> bool:
        """Whether an entry of an index leads to one."""
        return entry.artifact_type in (ENGINE_TYPE, PACKAGES_TYPE)

    @property
    def is_engine(self) -> bool:
        """Whether it is an engine; else it is packages."""
        return self.manifest.artifact_type == ENGINE_TYPE

    @property
    def python(self) -> str:
        """The version of Python that its packages are for, '3.11'."""
        return self.manifest.annotations.get(PYTHON, "")

    @property
    def requirements(self) -> str:
        """The SHA-256 of the requirements.txt that its packages were taken from."""
        return self.manifest.annotations.get(REQUIREMENTS, "")

    def entry(self) -> dict[str, object]:
        """The artifact as an index names it."""
        return self.manifest.json()

    @property
    def name(self) -> str:
        """What it is, in words: 'packages for Python 3.11 on linux/amd64'."""
        return str(self)

    def __str__(self) -> str:
        what = "an engine" if self.is_engine else f"packages for Python {self.python}"
        return f"{what} on {self.manifest.platform}"


def fitting_engine(artifacts: Iterable[BundledArtifact], host: Platform) -> BundledArtifact | None:
    """The engine for that platform; None where there is none at all.

    Raises InvalidInput where there are engines, and none for it.
    """
    engines = [one for one in artifacts if one.is_engine]
    return _only([one for one in engines if _is_for(one, host)], engines, str(host))


def fitting_packages(
    artifacts: Iterable[BundledArtifact], host: Platform, python: str
) -> BundledArtifact | None:
    """The packages for that platform and Python ('3.11'); None where there are none at all.

    Raises InvalidInput where there are packages, and none for it.
    """
    packages = [one for one in artifacts if not one.is_engine]
    fitting = [one for one in packages if one.python == python and _is_for(one, host)]
    return _only(fitting, packages, f"Python {python} on {host}")


def _is_for(artifact: BundledArtifact, host: Platform) -> bool:
    platform = artifact.manifest.platform
    return platform is not None and platform.matches(host)


def _only(
    fitting: list[BundledArtifact], candidates: list[BundledArtifact], wanted: str
) -> BundledArtifact | None:
    if candidates and not fitting:
        there = ", ".join(sorted(map(str, candidates)))
        raise InvalidInput(
            f"The bundle has {there}; this is {wanted}.",
            "Ask for one that was made with `bundle save --all-in` and --platform or --python for "
            "this machine.",
        )
    return fitting[0] if fitting else None
