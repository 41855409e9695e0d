"""The lessons: what each is about, and which names it uses on the engine."""

from __future__ import annotations

from dataclasses import dataclass

from helpers.errors import InvalidInput


@dataclass(frozen=True)
class Lesson:
    """One notebook; `names` are the containers, images, networks and volumes that learners make;
    one such as 'localhost:5004/' means all images that are named after that registry.

    `minutes` is reading and exercises together; `ports` are those of this machine that its cells
    and exercises publish.
    """

    number: str
    slug: str
    title: str
    question: str
    minutes: int
    names: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()

    @property
    def file_name(self) -> str:
        """'02_containers.ipynb', in `notebooks`."""
        return f"{self.number}_{self.slug}.ipynb"


def _made_by_compose(project: str, *services: str) -> tuple[str, ...]:
    """The names that Compose gives to a project's containers, its network and its volume."""
    boxes = (f"{project}-{service}-1" for service in services)
    return (*boxes, f"{project}_default", f"{project}_data")


LESSONS = (
    Lesson(
        "00",
        "start_here",
        "Start here",
        "Is my machine ready?",
        20,
        ("hello", "visitor", "greeter"),
    ),
    Lesson(
        "01",
        "images_and_layers",
        "Images and layers",
        "What is in an image, and why so big?",
        45,
        (
            *("settings", "deleted", "deleted:v1", "chmodded", "chmodded:v2", "tidy"),
            *("parcel", "parcel-light", "fat-report", "slim-report", "answer"),
        ),
    ),
    Lesson(
        "02",
        "containers",
        "Containers",
        "What is running, and what happens to it?",
        45,
        ("web", "second", "site", "phoenix", "quick"),
        (4000, 4001, 4002),
    ),
    Lesson(
        "03",
        "dockerfile_and_builds",
        "Dockerfile and builds",
        "How do I write an image that is small, safe and quick to rebuild?",
        45,
        (
            *("my-python-app", "web", "closed", "slow", "greet", "fat-help", "press-full"),
            *("bakery:1", "bakery:2", "press-light"),
        ),
        (4030,),
    ),
    Lesson(
        "04",
        "what_a_build_is_told",
        "What a build is told",
        "How does a build get its settings, its secrets and its caches?",
        40,
        (
            *("note", "baker", "stale", "leaky", "signed", "mounted", "my-python-app"),
            *("vault-leaky", "vault-clean", "tea:black", "tea:green"),
        ),
    ),
    Lesson(
        "05",
        "registries_and_docker_hub",
        "Registries and Docker Hub",
        "How does an image get from my machine to another?",
        35,
        (
            *("my-registry", "my-cache", "my-registries", "baker", "careful", "oven"),
            *("bread:1", "bread:2", "soup", "soup:1", "soup:2", "twins"),
            *("localhost:5004/", "localhost:5005/"),
        ),
        (5004, 5005),
    ),
    Lesson(
        "06",
        "containers_and_virtual_machines",
        "Containers and virtual machines",
        "Which is lighter, and what do I pay for it?",
        35,
        (
            *("web", "vm", "my-python-app", "witness-1", "witness-2"),
            *(f"crowd-{n}" for n in range(1, 6)),
        ),
        (4050, 4051),
    ),
    Lesson(
        "07",
        "resources_and_limits",
        "Resources and limits",
        "What does my container use, and what if it wants more?",
        35,
        (
            *("shop", "slow", "all-1", "all-2", "tiny", "tight", "child", "writer", "bomb"),
            *("leaky", "calm"),
        ),
        (4065, 4066, 4067),
    ),
    Lesson(
        "08",
        "monitoring_and_logs",
        "Monitoring and logs",
        "How do I see what my containers do, and what they did last night?",
        40,
        ("shop", "monitoring", "chatty", "clinic", "prometheus", "red", "green", "blue"),
        (4070, 4071),
    ),
    Lesson(
        "09",
        "isolation_and_security",
        "Isolation and security",
        "What can a container see and do to its host?",
        45,
        (
            *("plain", "bare", "ladder", "burglar", "gate", "told", "shop", "seal", "least"),
            "signer",
            *("amber", "coral", "ivory", "olive", "plum"),
        ),
        (4090, 4091),
    ),
    Lesson(
        "10",
        "data_and_networks",
        "Data and networks",
        "Where does data live, and how do containers find each other?",
        45,
        (
            *("writer", "loose", "shop", "till", "prices-1", "prices-2", "safe", "notes"),
            *("shelf", "fresh", "bare", "shop-data", "attic", "front", "back", "quiet", "wire"),
            *("reader", "diary", "street", "desk", "vault", "outer", "inner"),
            *("keeper", "clerk", "orders", "orders-2"),
        ),
        (4100,),
    ),
    Lesson(
        "11",
        "compose",
        "Compose: an app of several parts",
        "How do I describe an app of several parts, and know that it is ready?",
        45,
        (
            "shop",
            *_made_by_compose("shop", "web", "prices", "db"),
            *_made_by_compose("cafe", "web", "db", "tool"),
            *_made_by_compose("office", "web", "db"),
            *_made_by_compose("cafe-dev", "web", "db", "tool"),
            *_made_by_compose("page", "page"),
        ),
        (4110, 4111, 4112, 4113),
    ),
    Lesson(
        "12",
        "scale_and_availability",
        "Scale and availability",
        "What if one container, or one machine, is not enough?",
        45,
        (
            *("registry", "node-1", "node-2", "node-3", "nodes"),
            *("127.0.0.1:4120/shop:1", "127.0.0.1:4120/door:1"),
        ),
        (4120, 4121, 4122, 4123),
    ),
    Lesson(
        "13",
        "kubernetes",
        "Kubernetes",
        "What does Kubernetes do that nobody ordered?",
        45,
        ("kubernetes",),
        (4130, 4131),
    ),
    Lesson(
        "14",
        "mesh_and_edge",
        "Mesh and edge",
        "What can the network do for my services, and what does it cost?",
        45,
    ),
    Lesson("15", "capstone", "Capstone", "Can I do all of it alone?", 60),
)


def lesson(number: str | int) -> Lesson:
    """The lesson of that number, '02' or 2; raises InvalidInput where there is none."""
    wanted = str(number).zfill(2)
    for candidate in LESSONS:
        if candidate.number == wanted:
            return candidate
    raise InvalidInput(
        f"There is no lesson {number!r}.",
        f"Lessons go from {LESSONS[0].number} to {LESSONS[-1].number}.",
    )


def published_ports() -> dict[int, str]:
    """{port of this machine: number of the first lesson that publishes it}."""
    return {port: item.number for item in reversed(LESSONS) for port in item.ports}
