"""What is built: the Dockerfile's text, the folder beside it, and what of it is left out."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from helpers.engine.base.project_files import project_path
from helpers.errors import InvalidInput
from helpers.model.build.dockerfile import Dockerfile, read_dockerfile
from helpers.model.build.dockerignore import DockerIgnore, read_dockerignore
from helpers.model.build.refused import refuse_without_stage
from helpers.model.build.settings import STDIN, BuildSettings

DOCKERFILE, IGNORE_FILE = "Dockerfile", ".dockerignore"
_ASIDE = ".dockerfile.workbook"
_LARGEST_TEXT_BYTES = 16_000_000
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class BuildSource:
    """`folder` is None where no context is sent; `path` is the Dockerfile's, None for a text.

    `content` are the Dockerfile's bytes, which the builder gets as they are.
    """

    folder: Path | None
    path: Path | None
    content: bytes
    ignore: DockerIgnore
    own_ignore: bytes | None = None

    @cached_property
    def dockerfile(self) -> Dockerfile:
        """The Dockerfile as it is read here; a byte that is no UTF-8 is written out."""
        return read_dockerfile(self.content.decode("utf-8", "backslashreplace"))

    @property
    def file_name(self) -> str:
        """The Dockerfile's own name, without a folder."""
        return self.path.name if self.path else DOCKERFILE

    @property
    def name_in_context(self) -> str | None:
        """The Dockerfile's path within the folder; None where it is elsewhere."""
        if self.folder is None or self.path is None or not self.path.is_relative_to(self.folder):
            return None
        return self.path.relative_to(self.folder).as_posix()

    def leaves_out(self, path: str) -> bool:
        """Whether that path is in the folder and .dockerignore leaves it out."""
        if not path or self.folder is None or not (self.folder / path).exists():
            return False
        return self.ignore.excludes_path(path)


def sent_along(source: BuildSource) -> tuple[str, dict[str, bytes]]:
    """The Dockerfile's name in an archive of the context, and {name: content} of what goes along.

    The builder needs a Dockerfile that .dockerignore leaves out, or that is elsewhere; by the
    .dockerignore that goes along it takes both away again before a COPY can see them.
    """
    text = source.content
    if source.folder is None:
        return DOCKERFILE, {DOCKERFILE: text}
    name = source.name_in_context
    rules = source.own_ignore
    if rules is None:
        rules = _ignore_file(source.folder)
    if name is None:
        rules = rules or IGNORE_FILE.encode()
        return _ASIDE, {_ASIDE: text, IGNORE_FILE: rules + f"\n{_ASIDE}\n".encode()}
    if source.ignore.excludes_path(name):
        return name, {name: text, IGNORE_FILE: rules}
    return name, {}


def dockerfile_of(context: str, name: str | None, stdin: str | None) -> Dockerfile | None:
    """The Dockerfile of a build from that context; None where none can be read here."""
    if STDIN in (context, name):
        return read_dockerfile(stdin or "")
    with suppress(InvalidInput, OSError, ValueError):
        content = _read(_dockerfile_path(_folder(context), name), DOCKERFILE)
        return read_dockerfile(content.decode("utf-8", "backslashreplace"))
    return None


def open_source(settings: BuildSettings) -> BuildSource:
    """The source that the settings name; raises InvalidInput for what is not there."""
    folder = _folder(settings.context) if settings.has_context else None
    if STDIN in (settings.context, settings.dockerfile):
        path, content = None, (settings.stdin or "").encode("utf-8", "surrogateescape")
    else:
        assert folder is not None
        path = _dockerfile_path(folder, settings.dockerfile)
        content = _read(path, DOCKERFILE)
    own = _own_ignore(path) if folder else None
    rules = own if own is not None else _ignore_file(folder)
    ignore = read_dockerignore(rules.decode("utf-8", "surrogateescape"))
    source = BuildSource(folder, path, content, ignore, own)
    refuse_without_stage(source.dockerfile)
    return source


def _folder(name: str) -> Path:
    folder = project_path(name)
    if folder.is_dir():
        return folder.resolve()
    if folder.exists():
        raise InvalidInput(
            f"The build context {name!r} is a file.", "Name the folder that the Dockerfile is in."
        )
    raise InvalidInput(
        f"There is no folder {name!r} to build from.", f"Paths are seen from {Path.cwd()}."
    )


def _dockerfile_path(folder: Path, name: str | None) -> Path:
    """The Dockerfile: `name` is a path from here, as for the docker command."""
    wanted = folder / DOCKERFILE if name is None else project_path(name)
    if name is None and not wanted.exists() and (folder / "dockerfile").is_file():
        wanted = folder / "dockerfile"
    if wanted.is_file():
        return wanted.parent.resolve() / wanted.name
    if name is not None and (folder / name).is_file():
        step = f"It is seen from here, not from the context: dockerfile={str(folder / name)!r}."
    else:
        step = "Make one, or name yours with dockerfile='…'."
    raise InvalidInput(f"There is no Dockerfile at {str(wanted)!r}.", step)


def _read(path: Path, what: str) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_TEXT_BYTES + 1)
    except OSError as error:
        raise InvalidInput(
            f"The {what} {str(path)!r} cannot be read ({error.strerror}).",
            "See to its permissions.",
        ) from None
    if len(content) > _LARGEST_TEXT_BYTES:
        raise InvalidInput(
            f"The {what} {str(path)!r} has more than {_LARGEST_TEXT_BYTES} bytes.",
            "See whether it is the right file.",
        )
    if content.startswith(_UTF_16) or b"\0" in content[:2]:
        raise InvalidInput(
            f"The {what} {str(path)!r} is text in UTF-16.", "Docker reads UTF-8: save it as that."
        )
    return content


def _own_ignore(path: Path | None) -> bytes | None:
    """The Dockerfile's own `NAME.dockerignore`, which counts in place of the other."""
    ignore_file = path.with_name(f"{path.name}.dockerignore") if path else None
    return _read(ignore_file, "file") if ignore_file and ignore_file.is_file() else None


def _ignore_file(folder: Path | None) -> bytes:
    ignore_file = folder / IGNORE_FILE if folder else None
    return _read(ignore_file, "file") if ignore_file and ignore_file.is_file() else b""
