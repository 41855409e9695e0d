"""The part of the learner's `docker` that is about registries: one here, a cache, Docker Hub."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from helpers.engine.docker import Docker
    from helpers.engine.registry.hub import Hub
    from helpers.engine.registry.registry import Registry


class Registries:
    """What `Docker` has of registries; it is no use alone."""

    def registry(
        self, port: int | None = None, *, cache_of: Registry | str | None = None
    ) -> Registry:
        """A registry on localhost, in a container with a volume of its own; found or started.

        With `cache_of` a pull-through cache of another registry ('docker.io' is Docker Hub).
        Raises NameInUse, PortInUse, ImageUnavailable, NotReady or RegistryGone.
        """
        from helpers.engine.registry import cache as registry_cache
        from helpers.engine.registry import container as home

        docker = cast("Docker", self)
        if cache_of is not None:
            return registry_cache.cache(docker, cache_of, port)
        return home.local_registry(docker, home.PORT if port is None else port)

    def find_registry(self) -> Registry | None:
        """The workbook's registry where it runs; it is not started."""
        from helpers.engine.registry.container import running_registry

        return running_registry(cast("Docker", self))

    def hub(self) -> Hub:
        """Docker Hub as it is now; what cannot be asked of it is told with the reason."""
        from helpers.engine.registry.hub import Hub

        return Hub()
