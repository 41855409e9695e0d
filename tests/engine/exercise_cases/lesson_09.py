"""The cases of lesson 09: the least power, the keys of the machine, a secret that is not told."""

from __future__ import annotations

from helpers.exercises.lesson_09_files import SIGN_TOKEN
from tests.engine.exercise_cases import Attempt, ExerciseCases

SHOP = "%docker build -t shop ./sample_app"
ALL = "--user 65534 --cap-drop ALL --security-opt no-new-privileges --read-only --tmpfs /data"
HERE = "-p 127.0.0.1:4090:80"


def least(options: str, port: str = HERE) -> str:
    return f"%docker run -d --name least -e DATA=/data {port} {options} shop"


OPTIONS = {
    "amber": "--user 0 --label role=administrator",
    "coral": "-v {socket}:/run/engine.sock:ro",
    "ivory": "--network none --hostname docker-master",
    "olive": "--pid host --cap-add SYS_PTRACE",
    "plum": "--cap-drop ALL -v wbk-data:/etc/shadow.d",
}
START = "socket = engine.socket\n" + "\n".join(
    f"%docker run -d --name {name} {options} busybox:1.37 sleep 3600"
    for name, options in OPTIONS.items()
)
SAFE = 'from helpers import workfolder\n\nsafe = workfolder("safe")\n'


def signer(options: str, command: str = "sleep 3600", image: str = "busybox:1.37") -> str:
    return f"%docker run -d --name signer {options} {image} {command}"


BAKED = "FROM busybox:1.37\nCOPY token.txt /run/secrets/token\n"
MOUNT = "-v ./safe/token.txt:/run/secrets/token:ro"

CASES = (
    ExerciseCases(
        "09.1",
        prepare=SHOP,
        leaves=("shop",),
        keeps=True,
        wrong=(
            Attempt("published for all", least(ALL, "-p 4090:80"), says="this machine alone"),
            Attempt("another port", least(ALL, "-p 127.0.0.1:4092:80"), says="does not publish"),
            Attempt("root", least("--cap-drop ALL --read-only --tmpfs /data"), says="as root"),
            Attempt("a user alone", least("--user 65534 --tmpfs /data"), says="may still gain"),
            Attempt(
                "setuid works",
                least("--user 65534 --cap-drop ALL --read-only --tmpfs /data"),
                says="setuid program",
            ),
            Attempt(
                "writes anywhere",
                least("--user 65534 --cap-drop ALL --security-opt no-new-privileges --tmpfs /data"),
                says="is not read-only",
            ),
            Attempt(
                "nowhere to write",
                least(ALL.replace("--tmpfs /data", "")) + "\n%docker wait least",
                says="(?s)is exited.*Read-only",
            ),
            Attempt("a second folder", least(f"{ALL} -v wbk-more:/more"), says="`/more`"),
            Attempt("a second one in memory", least(f"{ALL} --tmpfs /tmp"), says="`/tmp`"),
        ),
        unusual=(
            Attempt(
                "the folder by --mount",
                least(ALL.replace("--tmpfs /data", "--mount type=tmpfs,dst=/data")),
            ),
        ),
    ),
    ExerciseCases(
        "09.2",
        prepare=START,
        leaves=("wbk-data",),
        wrong=(
            Attempt("an innocent", "%docker rm -f amber", says="2 are left"),
            Attempt("only the socket", "%docker rm -f coral", says="Whose processes"),
            Attempt("only the processes", "%docker rm -f olive", says="mounted into each"),
            Attempt("stopped, both there", "%docker stop -t 0 coral", says="`coral` is stopped"),
            Attempt(
                "one removed, one stopped",
                "%docker rm -f coral\n%docker stop -t 0 olive",
                says="found both",
            ),
            Attempt(
                "an innocent stopped",
                "%docker rm -f coral olive\n%docker stop -t 0 plum",
                says="`plum` does not run",
            ),
            Attempt("all five", "%docker rm -f amber coral ivory olive", says="1 are left"),
        ),
        unusual=(Attempt("by kill and rm", "!docker kill coral olive\n!docker rm coral olive"),),
    ),
    ExerciseCases(
        "09.3",
        prepare=SAFE,
        wrong=(
            Attempt("by -e", signer(f"--user 1234 -e TOKEN={SIGN_TOKEN}"), says="variables"),
            Attempt("a label", signer(f"--user 1234 --label t={SIGN_TOKEN}"), says="in a label"),
            Attempt(
                "in the command",
                signer("--user 1234", f"sh -c 'T={SIGN_TOKEN}; sleep 3600'"),
                says="in its command",
            ),
            Attempt(
                "in the image",
                f"with open('safe/Dockerfile', 'w') as file:\n    file.write({BAKED!r})\n"
                + "%docker build -t wbk-signer safe\n"
                + "%docker run -d --name signer --user 1234 wbk-signer sleep 3600",
                says="in the image",
            ),
            Attempt(
                "in the health check",
                signer(f"--user 1234 --health-cmd 'echo {SIGN_TOKEN}' {MOUNT}"),
                says="`docker inspect` shows",
            ),
            Attempt(
                "printed",
                signer(f"--user 1234 {MOUNT}", "sh -c 'cat /run/secrets/token; sleep 3600'")
                + "\n!until docker logs signer | grep -q .; do sleep 0.1; done",
                says="in the log",
            ),
            Attempt("root", signer(MOUNT), says="runs as user 0"),
            Attempt("no file", signer("--user 1234"), says="cannot be read"),
            Attempt("it ended", signer(f"--user 1234 {MOUNT}", "true"), says="is exited"),
            Attempt(
                "for its owner alone",
                'import os\n\nos.chmod("safe/token.txt", 0o600)\n'
                + f"%docker run -d --name signer --user 1234 {MOUNT} busybox:1.37 sleep 3600",
                says="user 1234 cannot read it",
            ),
            Attempt(
                "copied in",
                signer("--user 1234")
                + "\n!docker exec -u 0 signer mkdir -p /run/secrets"
                + "\n!docker cp -q safe/token.txt signer:/run/secrets/token",
                says="writable layer",
            ),
        ),
        leaves=("wbk-signer", "wbk-vault"),
        unusual=(
            Attempt(
                "a volume that holds it",
                "%docker volume create wbk-vault\n"
                + "%docker run --rm -v wbk-vault:/to -v ./safe:/from:ro busybox:1.37 "
                + "cp /from/token.txt /to/token\n"
                + "%docker run -d --name signer --user 1234 -v wbk-vault:/run/secrets:ro "
                + "busybox:1.37 sleep 3600",
            ),
        ),
    ),
)
