"""The cases of lesson 10: a diary that survives, a desk between two networks, a restore."""

from __future__ import annotations

from tests.engine.exercise_cases import Attempt, ExerciseCases

NOTES = (
    "FROM busybox:1.37\n"
    "RUN mkdir /data && echo welcome > /data/welcome && chown -R 1234:1234 /data\n"
    "USER 1234\n"
)
BUILD = f"engine.build('-', 'notes', stdin={NOTES!r})"
WRITE = "%docker run --rm -v diary:/data notes sh -c 'echo it rained > /data/page'\n"


def reader(options: str, command: str = "sleep 3600") -> str:
    return f"%docker run -d --name reader {options} notes {command}\n"


SERVE = "busybox:1.37 httpd -f -p 8000"
NETWORKS = "%docker network create outer\n%docker network create inner\n"


def three(street: str, desk: str, vault: str, more: str = "", serve: str = SERVE) -> str:
    return (
        f"%docker run -d --name vault {vault} {serve}\n"
        f"%docker run -d --name desk {desk} {SERVE}\n{more}\n"
        f"%docker run -d --name street {street} busybox:1.37 sleep 3600"
    )


OUT, IN, JOINED = "--network outer", "--network inner", "%docker network connect inner desk"

PACK = (
    "cd /orders; mkdir 2026; echo 3 tea > 2026/monday; echo 1 bread > 2026/tuesday; "
    "echo closed > state; chown -R 1234:1234 .; chown 0:0 state; chmod 600 2026/*; "
    "tar c -f /attic/orders.tar -C / orders"
)
GIVEN = (
    "%docker run -d --name keeper -v orders:/orders -v attic:/attic busybox:1.37 sleep 3600\n"
    f"%docker exec keeper sh -c '{PACK}'\n"
)
CLERK = "%docker run -d --name clerk --user 1234 -v orders-2:/orders busybox:1.37 sleep 3600\n"


def unpacked(words: str, options: str = "", volume: str = "orders-2") -> str:
    return (
        f"%docker run --rm -v {volume}:/orders -v attic:/attic:ro {options} busybox:1.37 {words}\n"
    )


RIGHT = unpacked("tar x -f /attic/orders.tar -C /")

CASES = (
    ExerciseCases(
        "10.1",
        prepare=BUILD,
        leaves=("notes", "wbk-diary"),
        keeps=True,
        wrong=(
            Attempt("it ended", WRITE + reader("-v diary:/data", "true"), says="is exited"),
            Attempt("nothing mounted", WRITE + reader(""), says="writable layer"),
            Attempt(
                "a bind mount",
                "import os\n\nos.makedirs('diary', exist_ok=True)\n" + reader("-v ./diary:/data"),
                says="is a bind",
            ),
            Attempt("memory", reader("--tmpfs /data"), says="is a tmpfs"),
            Attempt("another volume", WRITE + reader("-v wbk-diary:/data"), says="not called"),
            Attempt("root", WRITE + reader("--user 0 -v diary:/data"), says="runs as root"),
            Attempt("nothing written", reader("-v diary:/data"), says="there is no `page`"),
            Attempt(
                "written by root",
                WRITE.replace("--rm", "--rm --user 0") + reader("-v diary:/data"),
                says="The `page` is user 0's",
            ),
            Attempt(
                "the same container, only restarted",
                reader("-v diary:/data")
                + "%docker exec reader sh -c 'echo it rained > /data/page'\n"
                + "%docker restart -t 0 reader",
                says="after `reader` was made",
            ),
        ),
        unusual=(
            Attempt(
                "another image and another user, the folder given to it by hand",
                "%docker volume create diary\n"
                "%docker run --rm --mount type=volume,src=diary,dst=/data busybox:1.37 "
                "sh -c 'echo dear diary > /data/page; chown -R 65534 /data'\n"
                "%docker run -d --name reader --user 65534 --mount type=volume,src=diary,dst=/data "
                "busybox:1.37 sleep 3600",
            ),
        ),
    ),
    ExerciseCases(
        "10.2",
        wrong=(
            Attempt(
                "no vault",
                NETWORKS + f"%docker run -d --name street {OUT} busybox:1.37 sleep 3600\n"
                f"%docker run -d --name desk {OUT} {SERVE}",
                says="no container named `vault`",
            ),
            Attempt(
                "the vault has ended",
                NETWORKS + three(OUT, OUT, IN, JOINED, "busybox:1.37 true"),
                says="`vault` is exited",
            ),
            Attempt(
                "published",
                NETWORKS + three(OUT, OUT, f"{IN} -p 127.0.0.1:0:8000", JOINED),
                says="publishes a port, so programs of this machine",
            ),
            Attempt("one network", NETWORKS + three(OUT, OUT, OUT), says="as well, by its name"),
            Attempt("the default network", three("", "", ""), says="does not know its name"),
            Attempt(
                "the desk is only inside",
                NETWORKS + three(OUT, IN, IN),
                says="Asked by `street`, `desk` is a name",
            ),
            Attempt(
                "the desk is only outside",
                NETWORKS + three(OUT, OUT, IN),
                says="Asked by `desk`, `vault` is a name",
            ),
            Attempt(
                "another port",
                NETWORKS + three(OUT, OUT, IN, JOINED, "busybox:1.37 httpd -f -p 80"),
                says="`vault` refuses",
            ),
            Attempt(
                "nobody can ask",
                NETWORKS
                + three(OUT, OUT, IN, JOINED)
                + "\n!docker rm -f street\n"
                + f"%docker run -d --name street {OUT} python:3.13-slim sleep 3600",
                says="no `wget`",
            ),
            Attempt(
                "a name that is hidden",
                "%docker run -d --name vault "
                + SERVE
                + "\n"
                + NETWORKS
                + f"%docker run -d --name desk {OUT} {SERVE}\n"
                + f"{JOINED}\n%docker network connect inner vault\n"
                + "%docker run -d --name street busybox:1.37 sleep 3600\n"
                + "%docker network connect outer street",
                says="reaches its address",
            ),
        ),
        leaves=("wbk-side",),
        unusual=(
            Attempt(
                "an internal network, joined before the start, and a network that is of no use",
                "%docker network create outer\n%docker network create --internal inner\n"
                "%docker network create wbk-side\n"
                f"%docker run -d --name vault {IN} {SERVE}\n"
                f"%docker create --name desk {OUT} {SERVE}\n"
                "%docker network connect inner desk\n%docker network connect wbk-side desk\n"
                "%docker start desk\n"
                f"%docker run -d --name street {OUT} busybox:1.37 sleep 3600",
            ),
        ),
    ),
    ExerciseCases(
        "10.3",
        prepare=GIVEN,
        leaves=("keeper", "orders", "attic"),
        wrong=(
            Attempt("nobody reads it", RIGHT, says="no container named `clerk`"),
            Attempt(
                "the clerk has ended", RIGHT + CLERK.replace("sleep 3600", "true"), says="is exited"
            ),
            Attempt(
                "the old volume again",
                CLERK.replace("orders-2:", "orders:"),
                says="is not the volume `orders-2`",
            ),
            Attempt("empty", CLERK, says="`orders-2` is empty"),
            Attempt(
                "one folder too deep",
                unpacked("tar x -f /attic/orders.tar -C /orders") + CLERK,
                says="lies deeper",
            ),
            Attempt(
                "a part of it",
                unpacked("tar x -f /attic/orders.tar -C / orders/state") + CLERK,
                says="`2026` is missing",
            ),
            Attempt(
                "the archive as well",
                RIGHT + unpacked("cp /attic/orders.tar /orders/") + CLERK,
                says="has `orders.tar`, too",
            ),
            Attempt(
                "the owners lost",
                unpacked("tar x -o -f /attic/orders.tar -C /") + CLERK,
                says="of 0:0; in the archive",
            ),
            Attempt(
                "changed since",
                RIGHT + unpacked("sh -c 'echo open > /orders/state'") + CLERK,
                says="another content",
            ),
            Attempt(
                "root",
                RIGHT + CLERK.replace("--user 1234 ", ""),
                says="runs as user 0",
            ),
            Attempt(
                "into the old volume, too",
                RIGHT + unpacked("tar x -f /attic/orders.tar -C /orders", volume="orders") + CLERK,
                says="something has changed",
            ),
            Attempt(
                "the old volume is gone",
                RIGHT + CLERK + "%docker rm -f keeper\n%docker volume rm orders",
                says="`orders` is gone",
            ),
        ),
        unusual=(
            Attempt(
                "by docker cp, through the container that reads it",
                CLERK.replace("--user 1234 ", "-u 1234:1234 ")
                + "!docker cp keeper:/attic/orders.tar - | tar x -O | "
                + "docker cp - clerk:/",
            ),
            Attempt(
                "copied from folder to folder in one container",
                "%docker volume create orders-2\n"
                + "%docker run --rm -v orders-2:/new -v attic:/attic:ro busybox:1.37 sh -c "
                + "'cd /tmp && tar x -f /attic/orders.tar && cp -a orders/. /new/'\n"
                + CLERK,
            ),
        ),
    ),
)
