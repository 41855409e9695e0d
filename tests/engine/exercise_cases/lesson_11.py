"""The cases of lesson 11: ready at the first try, no password in sight, two worlds of one file.

Where only what the engine tells of a container is judged, a sketch of busybox stands for the app or
its database: a real database takes some three seconds to make itself, more on a busy machine. Ways
that differ in no more than an engine's answer are in tests/unit/exercises/test_lesson_11.py.
"""

from __future__ import annotations

from helpers.exercises.lesson_11_files import OFFICE_PASSWORD
from tests.engine.exercise_cases import Attempt, ExerciseCases

SHOP = "%docker build -t shop -f ./sample_app/shop/Dockerfile ./sample_app\n"
QUICK = "stop_grace_period: 0s"
IDLE = f"image: busybox:1.37, command: sleep 3600, {QUICK}"
TRUE = "healthcheck: {test: 'true', interval: 300ms}"
HEALTHY = "depends_on: {db: {condition: service_healthy}}"
FALSE = "'false'"
DATA = "volumes: {data: {}}"
AT_DATA = "volumes: ['data:/var/lib/postgresql/data']"


def written(path: str, text: str) -> str:
    """Lines that write a file, and its folder where there is none."""
    return (
        "from pathlib import Path\n\n"
        f"Path({path!r}).parent.mkdir(exist_ok=True)\n"
        f"Path({path!r}).write_text({text!r})\n"
    )


def composed(folder: str, web: str, db: str, more: str = "", services: str = "") -> str:
    """Lines that write a compose file, a service in a line, and bring it up."""
    text = f"services:\n  web: {{{web}}}\n  db: {{{db}}}\n{more}\n"
    return written(f"{folder}/compose.yaml", text) + up(folder, services)


def up(folder: str, services: str = "") -> str:
    return f"%docker compose -f {folder}/compose.yaml up -d {services}\n"


def check(command: str) -> str:
    return f"healthcheck: {{test: {command}, interval: 300ms, retries: 100}}"


CINNAMON = "environment: {POSTGRES_HOST: db, POSTGRES_PASSWORD: cinnamon}"
AT_4111 = "ports: ['127.0.0.1:4111:8000']"
IDLE_CAFE = f"{IDLE}, {CINNAMON}"
SERVED = f"image: busybox:1.37, command: httpd -f -p 8000, {QUICK}, {CINNAMON}, {AT_4111}"
READY_SOON = f"{SERVED}, {HEALTHY}"
SOCKET = (
    "image: postgres:17, environment: {POSTGRES_PASSWORD: cinnamon}, "
    f"{QUICK}, {AT_DATA}, {check('pg_isready -U postgres')}"
)
LISTENING = f"image: busybox:1.37, command: nc -ll -p 5432 -e echo, {QUICK}"
ASKS_ITSELF = (
    "command: [sh, -c, 'until echo | nc db 5432; do sleep 0.1; done; echo [] > items; "
    "exec httpd -f -p 8000'], " + check("wget -q -O /dev/null http://127.0.0.1:8000/items")
)


def cafe(web: str, db: str, more: str = "", services: str = "") -> str:
    return composed("cafe", web, db, more, services)


READY = ExerciseCases(
    "11.1",
    keeps=True,
    wrong=(
        Attempt("no health check", cafe(IDLE_CAFE, IDLE), says="has no health check"),
        Attempt(
            "the socket is asked",
            cafe(f"{IDLE_CAFE.replace('sleep 3600', FALSE)}, {HEALTHY}", SOCKET, DATA)
            + "code = %docker wait cafe-web-1\nassert code.strip() == '1'",
            says="through the socket: `pg_isready` without a host",
        ),
        Attempt(
            "started again until it goes well",
            cafe(f"{IDLE_CAFE.replace('sleep 3600', FALSE)}, restart: always", IDLE)
            + "import time\n\nwhile engine.container('cafe-web-1').state.restart_count < 2:\n"
            "    time.sleep(0.1)",
            says=r"crashed \d+ times first",
        ),
    ),
    unusual=(
        Attempt(
            "an app that asks by itself before it begins, and says when it is ready",
            cafe(SERVED.replace("command: httpd -f -p 8000", ASKS_ITSELF), LISTENING),
        ),
    ),
)

FILE = "/run/secrets/password"
BY_FILE = f"POSTGRES_PASSWORD_FILE: {FILE}"
SECRET = "secrets: {password: {file: password.txt}}"
OWN_VOLUME = "volumes: {data: {name: wbk-office}}"
OFFICE_APP = f"image: shop, environment: {{POSTGRES_HOST: db, {BY_FILE}}}, secrets: [password]"
OFFICE_DB = (
    f"image: postgres:17, environment: {{{BY_FILE}}}, secrets: [password], {AT_DATA}, "
    f"{check('pg_isready -h 127.0.0.1 -U postgres')}"
)
PASSWORD = written("office/password.txt", OFFICE_PASSWORD)
RULES = "/var/lib/postgresql/data/pg_hba.conf"


def office(web: str = IDLE, db: str = IDLE, more: str = "", services: str = "") -> str:
    return composed("office", web, db, more, services)


def admitted(method: str) -> str:
    """A line after which the database lets others in by that method."""
    rules = f"echo local all all trust > {RULES}; echo host all all all {method} >> {RULES}; "
    return f"%docker exec office-db-1 sh -c '{rules} gosu postgres pg_ctl reload'\n"


HIDDEN = ExerciseCases(
    "11.2",
    prepare=SHOP + PASSWORD,
    leaves=("shop",),
    keeps=True,
    wrong=(
        Attempt(
            "in a URL",
            office(f"{IDLE}, environment: {{DATABASE_URL: 'postgres://me:secret@db/postgres'}}"),
            says="in the variable `DATABASE_URL`",
        ),
        Attempt(
            "no password at all",
            office(db=f"{IDLE}, environment: {{POSTGRES_HOST_AUTH_METHOD: trust}}"),
            says="told to `trust`",
        ),
        Attempt(
            "a file for its owner alone",
            PASSWORD
            + "Path('office/password.txt').chmod(0o600)\n"
            + office(OFFICE_APP, IDLE, SECRET)
            + "%docker wait office-web-1\nPath('office/password.txt').chmod(0o644)",
            says="(?s)is exited.*may user 1234 read it",
        ),
    ),
    unusual=(
        Attempt(
            "the secret from a variable that Compose alone knows, and a URL without a password",
            written("office/.env", f"OFFICE_PASSWORD={OFFICE_PASSWORD}\n")
            + office(
                f"image: shop, environment: {{DATABASE_URL: 'postgres://postgres@db', {BY_FILE}}}, "
                f"secrets: [password], {HEALTHY}",
                OFFICE_DB,
                f"secrets: {{password: {{environment: OFFICE_PASSWORD}}}}\n{OWN_VOLUME}",
            )
            + admitted("scram-sha-256"),
        ),
    ),
)

PAGE = "command: [sh, -c, 'echo tea > /index.html; exec httpd -f -p 8000 -h /']"
TWO = composed(
    "cafe",
    f"image: busybox:1.37, {PAGE}, {QUICK}, ports: ['127.0.0.1:${{PORT:-4111}}:8000']",
    f"{IDLE}, {AT_DATA}",
    f"  tool: {{{IDLE}, profiles: [debug]}}\n{DATA}",
)
ELSEWHERE = written("cafe/dev.env", "PORT=4112\n")
ENV = "--env-file cafe/dev.env"


def dev(options: str = "", services: str = "") -> str:
    return f"%docker compose -p cafe-dev -f cafe/compose.yaml {options} up -d {services}\n"


def overridden(text: str) -> str:
    return written("cafe/more.yaml", f"services: {{web: {{{text}}}}}\n")


WORLDS = ExerciseCases(
    "11.3",
    prepare=TWO.strip() + " --force-recreate -t 0",
    leaves=("cafe-tool-1",),
    keeps=True,
    wrong=(
        Attempt(
            "a copy of the file",
            "import shutil\n\nshutil.copytree('cafe', 'cafe-dev', dirs_exist_ok=True)\n"
            + written("cafe-dev/.env", "PORT=4112\nCOMPOSE_PROFILES=debug\n")
            + up("cafe-dev"),
            says="from another file, `cafe-dev/compose.yaml`",
        ),
        Attempt(
            "the same port",
            "try:\n    " + dev("--profile debug") + "except Exception:\n    pass\n",
            says="wants port 4111, which is `cafe`'s",
        ),
        Attempt(
            "the tool in both",
            ELSEWHERE
            + dev(f"{ENV} --profile debug")
            + "%docker compose -f cafe/compose.yaml --profile debug up -d",
            says="runs in both",
        ),
        Attempt(
            "the file changed for it",
            "from pathlib import Path\n\nfile = Path('cafe/compose.yaml')\n"
            "file.write_text(file.read_text().replace('4111', '4112'))\n" + dev("--profile debug"),
            says="has been changed since `cafe`",
        ),
    ),
    unusual=(
        Attempt(
            "a second file for what differs, the services named, and the profile in a file",
            overridden("ports: !override ['127.0.0.1:4112:8000']")
            + written("cafe/dev.env", "COMPOSE_PROFILES=debug\n")
            + dev(f"{ENV} -f cafe/more.yaml", "web db tool"),
        ),
    ),
)

CASES = (READY, HIDDEN, WORLDS)
