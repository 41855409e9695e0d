"""The images that lessons need, by the names that the world gives them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from helpers.model.image.reference import ImageReference
from helpers.model.image.tool_image import KUBERNETES_IMAGE, NODE_IMAGE, TOOL_IMAGE
from helpers.model.supply.kubernetes_recipe import KUBERNETES
from helpers.model.supply.recipe import StandInRecipe


@dataclass(frozen=True)
class LessonImage:
    """An image that lessons need; `size_bytes` is about what it takes on the engine's disk.

    One that is the workbook's `own` is in no registry: a bundle or the room's server may have it,
    else it is made on the engine, in a container.
    """

    name: str
    lessons: tuple[str, ...]
    purpose: str
    size_bytes: int
    stand_in: StandInRecipe | None = None
    own: bool = False


BUSYBOX = StandInRecipe(
    variant="extract",
    packages=("busybox-static",),
    script="busybox.sh",
    instructions=('CMD ["sh"]',),
    labelled_packages=("busybox-static",),
)
PYTHON = StandInRecipe(
    variant="minbase",
    packages=("python3", "python3-venv", "ca-certificates"),
    script="python.sh",
    instructions=(
        "ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
        "ENV LANG=C.UTF-8",
        'CMD ["python3"]',
    ),
    labelled_packages=("python3.13", "python3-pip-whl"),
    trusts=True,
    has_pip=True,
)
REGISTRY = StandInRecipe(
    variant="extract",
    packages=("docker-registry", "busybox-static", "ca-certificates"),
    script="registry.sh",
    instructions=(
        "EXPOSE 5000",
        "VOLUME /var/lib/registry",
        'ENTRYPOINT ["/entrypoint.sh"]',
        'CMD ["/etc/docker/registry/config.yml"]',
    ),
    labelled_packages=("docker-registry", "busybox-static"),
    trusts=True,
)
PROMETHEUS = StandInRecipe(
    variant="extract",
    packages=("prometheus", "busybox-static", "ca-certificates"),
    script="prometheus.sh",
    instructions=(
        "EXPOSE 9090",
        "VOLUME /prometheus",
        "WORKDIR /prometheus",
        "USER nobody",
        'ENTRYPOINT ["/bin/prometheus"]',
        'CMD ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"]',
    ),
    labelled_packages=("prometheus", "busybox-static"),
    trusts=True,
)
POSTGRES = StandInRecipe(
    variant="extract",
    packages=(
        *("postgresql-17", "gosu", "bash", "busybox-static", "libc-bin", "locales", "tzdata"),
        "libnss-wrapper",
    ),
    script="postgres.sh",
    instructions=(
        "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:"
        "/usr/lib/postgresql/17/bin",
        "ENV LANG=en_US.utf8",
        "ENV PG_MAJOR=17",
        "ENV PGDATA=/var/lib/postgresql/data",
        "EXPOSE 5432",
        "VOLUME /var/lib/postgresql/data",
        "STOPSIGNAL SIGINT",
        'ENTRYPOINT ["docker-entrypoint.sh"]',
        'CMD ["postgres"]',
    ),
    labelled_packages=("postgresql-17", "busybox-static"),
    without=(
        *("libllvm19", "postgresql-common", "postgresql-client-common", "ssl-cert", "perl"),
        "debconf",
    ),
)
HAPROXY = StandInRecipe(
    variant="extract",
    packages=("haproxy", "busybox-static"),
    script="haproxy.sh",
    instructions=(
        "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "USER haproxy",
        "WORKDIR /var/lib/haproxy",
        "STOPSIGNAL SIGUSR1",
        'ENTRYPOINT ["docker-entrypoint.sh"]',
        'CMD ["haproxy", "-f", "/usr/local/etc/haproxy/haproxy.cfg"]',
    ),
    labelled_packages=("haproxy", "busybox-static"),
    without=("adduser", "init-system-helpers", "lsb-base", "openssl-provider-legacy"),
)
DIND = StandInRecipe(
    variant="extract",
    packages=("busybox-static", "ca-certificates"),
    script="dind.sh",
    instructions=(
        "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "EXPOSE 2375",
        "EXPOSE 2376",
        "VOLUME /var/lib/docker",
        'ENTRYPOINT ["dockerd-entrypoint.sh"]',
        "CMD []",
    ),
    labelled_packages=("busybox-static",),
    trusts=True,
    tree="docker",
)
VM_TOOLS = "docker-workbook/vm:1"

CATALOGUE = (
    LessonImage(
        TOOL_IMAGE,
        ("00", "01", "02", "03", "04", "05", "07", "08", "09", "10", "11"),
        "a tiny system to look around in",
        4_500_000,
        BUSYBOX,
    ),
    LessonImage(
        "python:3.13-slim",
        ("01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "15"),
        "the base of the sample app",
        121_000_000,
        PYTHON,
    ),
    LessonImage("registry:3", ("05", "15"), "a registry of your own", 57_700_000, REGISTRY),
    LessonImage(
        "prom/prometheus:v3.13.3",
        ("08",),
        "it asks programs for their numbers, and keeps them",
        320_000_000,
        PROMETHEUS,
    ),
    LessonImage(
        "postgres:17",
        ("11", "15"),
        "the database of an app of several parts",
        438_000_000,
        POSTGRES,
    ),
    LessonImage(
        "haproxy:3.0",
        ("12",),
        "it divides requests among servers",
        108_000_000,
        HAPROXY,
    ),
    LessonImage(
        NODE_IMAGE,
        ("12",),
        "an engine in a container: a machine of a cluster",
        380_000_000,
        DIND,
    ),
    LessonImage(
        KUBERNETES_IMAGE,
        ("13",),
        "Kubernetes 1.20: a node with its control plane, in one container",
        830_000_000,
        KUBERNETES,
        own=True,
    ),
    LessonImage(
        VM_TOOLS, ("06",), "QEMU and a kernel, to boot images as VMs", 83_600_000, own=True
    ),
)


def images_for(lessons: Iterable[str] | None = None) -> tuple[LessonImage, ...]:
    """The images that these lessons need, or all of them."""
    wanted = None if lessons is None else set(lessons)
    return tuple(image for image in CATALOGUE if wanted is None or wanted & set(image.lessons))


def lessons_with_images() -> list[str]:
    """The numbers of the lessons that need any image, in order."""
    return sorted({number for image in CATALOGUE for number in image.lessons})


def is_own(name: str) -> bool:
    """Whether it is the workbook's own, whose name a stranger may have taken in a registry."""
    known = lesson_image(ImageReference.parse(name))
    return known is not None and known.own


def lesson_image(reference: ImageReference) -> LessonImage | None:
    """The catalogue's entry for that image, whichever way its name is written."""
    for image in CATALOGUE:
        if ImageReference.parse(image.name) == reference:
            return image
    return None
