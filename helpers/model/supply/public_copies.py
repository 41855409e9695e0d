"""Where images of Docker Hub are a second time: with their publisher, or in a large public cache.

Sources: Docker's own copies on the ECR Public Gallery (gallery.ecr.aws/docker); Google's cache of
what is often asked of Docker Hub (cloud.google.com/artifact-registry, "Pull cached Docker Hub
images"); the pages of Prometheus and of Elastic on how to install them.
"""

from __future__ import annotations

from dataclasses import dataclass

from helpers.model.image.reference import ImageReference

_OFFICIAL = "library/"
_PROMETHEUS = "prom/"
_ELASTIC = {
    "library/elasticsearch": "elasticsearch/elasticsearch",
    "library/kibana": "kibana/kibana",
    "library/logstash": "logstash/logstash",
}


@dataclass(frozen=True)
class PublicCopy:
    """A repository of another registry with the same image; `title` is what people call that.

    What its publisher keeps there may be another build than Docker Hub's; a copy never is.
    """

    title: str
    registry: str
    repository: str
    is_publishers: bool = False

    @property
    def name(self) -> str:
        """The repository with its registry, as an engine is asked for it."""
        return f"{self.registry}/{self.repository}"


def copies_of(reference: ImageReference) -> tuple[PublicCopy, ...]:
    """Where else that image of Docker Hub is, the nearest to its publisher first; () for none.

    Only official images, and those of publishers who have a registry of their own, are sought:
    nobody else is told a user's name. A name with a digest is none that an engine gives.
    """
    if not reference.is_on_docker_hub or reference.digest:
        return ()
    repository, copies = reference.repository, list[PublicCopy]()
    if repository in _ELASTIC:
        own = ("Elastic's registry", "docker.elastic.co", _ELASTIC[repository])
        copies.append(PublicCopy(*own, is_publishers=True))
    if repository.startswith(_PROMETHEUS):
        own = ("quay.io", "quay.io", f"prometheus/{repository.removeprefix(_PROMETHEUS)}")
        copies.append(PublicCopy(*own, is_publishers=True))
    if repository.startswith(_OFFICIAL):
        copies.append(PublicCopy("ECR Public", "public.ecr.aws", f"docker/{repository}"))
    if copies:
        copies.append(PublicCopy("Google's cache", "mirror.gcr.io", repository))
    return tuple(copies)


def origin_words(copy: PublicCopy, why: str, hubs_digest: str, digest: str) -> str:
    """The note on an image that came from there: why not from Docker Hub, and whether it is its.

    A digest is "" where nobody told it.
    """
    note = f"from {copy.title}, {why}"
    if hubs_digest and digest == hubs_digest:
        return f"{note}; with Docker Hub's digest"
    if hubs_digest and digest:
        return f"{note}; its publisher's build, not Docker Hub's"
    return note
