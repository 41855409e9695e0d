"""What is built: the Dockerfile's text, the folder beside it, and what of it is left out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from helpers.engine.base.project_files import project_path
from helpers.errors import InvalidInput
from helpers.model.build.dockerfile import Dockerfile, read_dockerfile
from helpers.model.build.dockerignore import DockerIgnore, read_dockerignore
from helpers.model.build.settings import STDIN, BuildSettings

DOCKERFILE, IGNORE_FILE = "Dockerfile", ".dockerignore"
_ASIDE = ".dockerfile.workbook"
_LARGEST_TEXT_BYTES = 16_000_000


@dataclass(frozen=True)
class BuildSource:
    """`folder` is None where no context is sent; `path` is the Dockerfile's, None for a text."""

    folder: Path | None
    path: Path | None
    dockerfile: Dockerfile
    ignore: DockerIgnore
    own_ignore: bytes | None = None

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
    text = source.dockerfile.text.encode("utf-8", "surrogateescape")
    if source.folder is None:
        return DOCKERFILE, {DOCKERFILE: text}
    name = source.name_in_context
    rules = source.own_ignore
    if rules is None:
        rules = _ignore_text(source.folder).encode("utf-8", "surrogateescape")
    if name is None:
        rules = rules or IGNORE_FILE.encode()
        return _ASIDE, {_ASIDE: text, IGNORE_FILE: rules + f"\n{_ASIDE}\n".encode()}
    if source.ignore.excludes_path(name):
        return name, {name: text, IGNORE_FILE: rules}
    return name, {}


def open_source(settings: BuildSettings) -> BuildSource:
    """The source that the settings name; raises InvalidInput for what is not there."""
    folder = _folder(settings.context) if settings.has_context else None
    if STDIN in (settings.context, settings.dockerfile):
        path, text = None, settings.stdin or ""
    else:
        assert folder is not None
        path = _dockerfile_path(folder, settings.dockerfile)
        text = _read(path, "Dockerfile")
    if not text.strip():
        raise InvalidInput("The Dockerfile is empty.", "It begins with `FROM` and an image.")
    own = _own_ignore(path) if folder else None
    rules = own if own is not None else _ignore_text(folder)
    content = None if own is None else own.encode("utf-8", "surrogateescape")
    return BuildSource(folder, path, read_dockerfile(text), read_dockerignore(rules), content)


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
    wanted = folder / DOCKERFILE if name is None else Path(name).expanduser()
    if name is None and not wanted.exists() and (folder / "dockerfile").is_file():
        wanted = folder / "dockerfile"
    if wanted.is_file():
        return wanted.parent.resolve() / wanted.name
    if name is not None and (folder / name).is_file():
        step = f"It is seen from here, not from the context: dockerfile={str(folder / name)!r}."
    else:
        step = "Make one, or name yours with dockerfile='…'."
    raise InvalidInput(f"There is no Dockerfile at {str(wanted)!r}.", step)


def _read(path: Path, what: str) -> str:
    try:
        with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
            return file.read(_LARGEST_TEXT_BYTES)
    except OSError as error:
        raise InvalidInput(
            f"The {what} {str(path)!r} cannot be read ({error.strerror}).",
            "See to its permissions.",
        ) from None


def _own_ignore(path: Path | None) -> str | None:
    """The text of the Dockerfile's own `NAME.dockerignore`, which counts in place of the other."""
    ignore_file = path.with_name(f"{path.name}.dockerignore") if path else None
    return _read(ignore_file, "file") if ignore_file and ignore_file.is_file() else None


def _ignore_text(folder: Path | None) -> str:
    ignore_file = folder / IGNORE_FILE if folder else None
    return _read(ignore_file, "file") if ignore_file and ignore_file.is_file() else ""
