"""A registry, spoken to in two ways: by the engine's push and pull, and by its own HTTP API."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_context import EngineContext
from helpers.engine.base.events import engine_seconds
from helpers.engine.base.other_platform import other_platform
from helpers.engine.registry import transfer
from helpers.engine.registry.afterwards import Afterwards
from helpers.engine.registry.answer import RegistryAnswer, asked
from helpers.engine.registry.http import RegistryHttp
from helpers.engine.registry.image_layers import moved_layers
from helpers.engine.registry.refusals import registry_full
from helpers.engine.registry.tag import tag
from helpers.engine.registry.volume import remove_volume
from helpers.errors import (
    InvalidInput,
    NoSuchContainer,
    RegistryError,
    RegistryGone,
    WorkbookError,
)
from helpers.model.container.outcome import Deleted
from helpers.model.image.index import Index
from helpers.model.image.manifest import Manifest
from helpers.model.image.platform import Platform
from helpers.model.image.reference import ImageReference
from helpers.model.registry.transfer import MovedLayer, Transfer, TransferProgress
from helpers.model.registry.typed_transfer import typed_transfer
from helpers.model.text.command_line import docker_line
from helpers.model.text.output import Output
from helpers.model.text.trouble import is_full_disk
from helpers.outside import visible_repr

if TYPE_CHECKING:
    from helpers.engine.container.container import Container

_STORED = "find /var/lib/registry -type f -name data -exec stat -c %s {} +"


class Registry:
    """A registry at an address; `container` is what it runs in, where that is on this engine,
    and `prepared_by` the lines that its container needed before it. `cache_of` is the address that
    a pull-through cache asks, and empty for a registry of its own.

    Names are given without the registry, 'app:1.0' or 'team/app@sha256:…'. Every method raises
    RegistryGone where the registry cannot be reached, and RegistryError for its refusals.
    """

    def __init__(
        self,
        context: EngineContext,
        address: str,
        container: Container | None = None,
        prepared_by: tuple[str, ...] = (),
        cache_of: str = "",
    ) -> None:
        self._context = context
        self._client = context.client
        self._log = context.log
        self.address = address
        self.container = container
        self._tell = context.listeners.on_transfer or _silent
        self._http = RegistryHttp(address)
        self._prepared_by = prepared_by
        self._cache_of = cache_of

    @visible_repr
    def __repr__(self) -> str:
        made = (*self._prepared_by, self.container.command) if self.container else ()
        return "\n$ ".join([f"registry at {self.address}", *made])

    def name(self, name: str) -> str:
        """The full name, with the registry before it, as `docker` wants it."""
        return str(self._reference(name))

    def push(self, image: str, to: str | None = None) -> Transfer:
        """The image, pushed under the name `to` (its own, where none is given).

        Layers that the registry has are skipped. Raises NoSuchImage, RegistryFull or Interrupted.
        """
        if self._cache_of:  # the engine would try five times, for most of a minute
            raise RegistryError(
                f"{self.address} is a cache of {self._cache_of}, and a cache takes no pushes.",
                "Push to the registry behind it.",
            )
        target = self._reference(to or ImageReference.parse(image).within_registry)
        if target.digest:
            raise InvalidInput("A push gives a tag, not a digest.", "Write to='app:1.0'.")
        tag_line = docker_line("tag", image, str(target))
        with translated(tag_line):
            tag(self._context, image, target)
        self._log.add(tag_line)
        return self._moved(transfer.push, target, (tag_line, docker_line("push", str(target))))

    def pull(self, name: str) -> Transfer:
        """The image of that tag or digest, now on the engine. Raises NotInRegistry, DiskFull,
        WrongDigest or Interrupted.
        """
        source = self._reference(name)
        return self._moved(transfer.pull, source, (docker_line("pull", str(source)),))

    def transfer(self, output: Output) -> Transfer:
        """What a typed push or pull moved: `sent = %docker push …`, then `transfer(sent)`.

        The engine's words say which layers; their sizes are the registry's. Raises InvalidInput.
        """
        over = None if output.exit_code else typed_transfer(output.command, output)
        if over is None:
            raise InvalidInput(
                f"`{output.command or 'This'}` moved no image.",
                "Give it what `sent = %docker push …` or `… pull …` returned.",
            )
        source = self._reference(over.name)
        digest = over.digest or source.digest or self.digest(over.name)
        layers = moved_layers(self._client, self._http, source, over, digest)
        lines = (output.command,)
        return Transfer(lines, over.verb, str(source), digest, layers, output.seconds)

    def tags(self, repository: str) -> list[str]:
        """Every tag of that repository, in order."""
        return sorted(self._http.tags(self._reference(repository).repository))

    def repositories(self) -> list[str]:
        """Every repository in it, in order."""
        return sorted(self._http.repositories())

    def manifest(self, name: str, platform: str | None = None) -> Manifest | Index:
        """The manifest of that tag or digest; with a platform ('linux/arm64'), the one for it.

        A single image for another platform is given all the same, with a `note`. Raises
        NotInRegistry, and WrongDigest where the bytes are not those of the digest.
        """
        reference = self._reference(name)
        if platform is None:
            return self._http.manifest(reference.repository, reference.tag_or_digest)
        wanted = Platform.parse(platform)
        return self._http.noted_manifest(reference.repository, reference.tag_or_digest, wanted)

    def digest(self, name: str) -> str:
        """The digest that a tag leads to now; raises NotInRegistry."""
        reference = self._reference(name)
        return self._http.digest(reference.repository, reference.tag_or_digest)

    def delete(self, name: str) -> Deleted:
        """What was deleted: the manifest, and every tag that led to it.

        Layers stay in the registry until its owner runs its garbage collection.
        """
        reference = self._reference(name)
        digest = self.digest(name)
        before = self.tags(reference.repository)
        lost = [tag for tag in before if self._leads_to(reference.repository, tag, digest)]
        self._http.delete(reference.repository, digest)
        return Deleted(f"{self.address}/{reference.repository}", digest, tuple(lost))

    def get(self, path: str) -> RegistryAnswer:
        """What the registry answers to a GET of that path, such as '/v2/app/tags/list', in full."""
        return asked(self._http, path)

    def stored_bytes(self) -> int:
        """What its blobs take on its disk, each once, in bytes: counted in its container."""
        if self.container is None:
            raise InvalidInput(f"{self.address} does not run on this engine.", "Ask its owner.")
        sizes = self.container.exec(["sh", "-c", _STORED])
        return sum(int(word) for word in sizes.split())

    def remove(self) -> None:
        """The registry's container and its volume, removed with all that is in them."""
        if self.container is None:
            raise InvalidInput(f"{self.address} does not run on this engine.", "Leave it be.")
        self.container.remove(force=True)
        remove_volume(self._context, self.container.name)

    def _leads_to(self, repository: str, tag: str, digest: str) -> bool:
        return self._http.digest(repository, tag) == digest

    def _reference(self, name: str) -> ImageReference:
        """The reference in this registry, whether its address stands before it or not."""
        prefix = f"{self.address}/"
        return ImageReference.parse(prefix + name.removeprefix(prefix))

    def _moved(
        self,
        move: Callable[..., TransferProgress],
        reference: ImageReference,
        lines: tuple[str, ...],
    ) -> Transfer:
        started = time.monotonic()
        with translated(lines[-1]):
            since = engine_seconds(self._client)  # to the microsecond: an earlier push is over
        over = move(self._client, reference, self._tell, lambda: self._trouble(since))
        seconds = time.monotonic() - started
        self._log.add(lines[-1])
        after, no_layers, note = Afterwards(), tuple[MovedLayer, ...](), ""
        digest = over.digest or reference.digest or ""
        digest = digest or after.look(lambda: self.digest(str(reference)), "")
        asked = digest or reference.tag_or_digest
        layers = after.look(
            lambda: moved_layers(self._client, self._http, reference, over, asked), no_layers
        )
        if over.verb == "pull":
            note = after.look(lambda: self._pulled_note(reference, digest), "")
        note = f"{note} {after.note}".strip()
        return Transfer(lines, over.verb, str(reference), digest, layers, seconds, note)

    def _pulled_note(self, reference: ImageReference, digest: str) -> str:
        """What is to be said of a pulled image: that it may not start here, that its tag moved."""
        with translated(docker_line("image", "inspect", str(reference))):
            inspected = self._client.api.inspect_image(str(reference))
        other = other_platform(self._client, inspected)
        return f"It is {other}." if other else self._moved_tag(reference, digest)

    def _moved_tag(self, reference: ImageReference, digest: str) -> str:
        """What to say where the tag leads elsewhere by now; empty where it does not."""
        if reference.digest or not digest:
            return ""
        now = self._http.digest(reference.repository, reference.tag_or_digest)
        if now == digest:
            return ""
        return (
            f"The tag moved meanwhile: this is {digest[:19]}…, all of it, and "
            f"{reference} now leads to {now[:19]}…. Pull again for that."
        )

    def _trouble(self, since: float) -> WorkbookError | None:
        """What is wrong with the registry itself, where it runs on this engine and that shows."""
        if self.container is None:
            return None
        try:
            status = self.container.status
            with translated(docker_line("logs", self.container.name)):
                logs = self._client.api.logs(self.container.id, since=since)
            printed = logs.decode(errors="replace")
        except NoSuchContainer:
            status, printed = "gone", ""
        if status != "running":
            return RegistryGone(
                f"The registry {self.address} is {status}: it stopped in the middle.",
                "No tag was made. Start it (`engine.registry()`), then run the same again: "
                "layers that had arrived are skipped.",
            )
        if is_full_disk(printed):
            return registry_full(self.address, "No tag was made. Make room there, then push again.")
        return None


def _silent(progress: TransferProgress) -> None:
    """Nothing: nobody listens."""
