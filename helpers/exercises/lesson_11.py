"""What lesson 11 asks: ready at the first try, no password in sight, two worlds of one file."""

from __future__ import annotations

from helpers.exercises.lesson_11_checks import CAFE_PORT, DB, DEV_PORT, WEB
from helpers.exercises.lesson_11_files import FOLDERS as FOLDERS
from helpers.exercises.lesson_11_files import OFFICE_PASSWORD
from helpers.exercises.lesson_11_questions import PREDICTIONS as PREDICTIONS
from helpers.exercises.lesson_11_questions import QUIZ as QUIZ
from helpers.exercises.lesson_11_ready import CAFE, check_ready
from helpers.exercises.lesson_11_secret import APP_USER, OFFICE, check_office
from helpers.exercises.lesson_11_worlds import DEV, TOOL, check_worlds
from helpers.model.course.exercise import Exercise

SECRET = "/run/secrets/password"
_CHECK = "{test: pg_isready -h 127.0.0.1 -U postgres, interval: 500ms, retries: 60}"


def _made(project: str, *services: str) -> tuple[str, ...]:
    """What a project of these files makes, in the order in which it can be removed."""
    boxes = (f"{project}-{service}-1" for service in services)
    return (*boxes, f"{project}_default", f"{project}_data")


EXERCISES = (
    Exercise(
        number="11.1",
        title="Ready at the first try",
        goal=(
            f"The folder `{CAFE}` has an app whose `{WEB}` starts too early. Mend its file: after "
            f"one `docker compose up --wait` on a new volume, the app answers at "
            f"http://127.0.0.1:{CAFE_PORT}/items, and `{WEB}` has not ended on the way, not even "
            "once."
        ),
        starter=(
            f"# %%writefile {CAFE}/compose.yaml\n# ...\n"
            f"# %docker compose -f {CAFE}/compose.yaml down --volumes\n"
            f"# %docker compose -f {CAFE}/compose.yaml up --wait"
        ),
        solution=(
            "from helpers import workfolder\n\n"
            f'file = workfolder("{CAFE}").path / "compose.yaml"\n'
            f'HEALTHY = "{DB}: {{condition: service_healthy}}"\n'
            f'CHECK = "healthcheck: {_CHECK}"\n'
            f'mended = file.read_text().replace("- {DB}\\n", f"{{HEALTHY}}\\n")\n'
            'image = "image: postgres:17\\n"\n'
            'file.write_text(mended.replace(image, f"{image}    {CHECK}\\n"))\n'
            f"%docker compose -f {CAFE}/compose.yaml down --volumes\n"
            f"%docker compose -f {CAFE}/compose.yaml up --wait"
        ),
        check=check_ready,
        hints=(
            f"Two things are missing in the file: a question by which `{DB}` shows that it is "
            f"ready, and that `{WEB}` waits for the answer. The app asks over the network; so must "
            f"the question. And a volume is new after `down --volumes` only.",
            f"`healthcheck:` with `test: pg_isready -h 127.0.0.1 -U postgres` for `{DB}`, and "
            f"`depends_on:` with `{DB}:` and `condition: service_healthy` for `{WEB}`.",
        ),
        names=_made(CAFE, WEB, DB, TOOL),
        seconds=30,
    ),
    Exercise(
        number="11.2",
        title="No password in sight",
        goal=(
            f"Started as it is, the app of the folder `{OFFICE}` works, and `docker inspect` shows "
            "its password to everybody. Mend that: the app answers still, the database lets nobody "
            "in over the network without the password, and the password stands in no variable, "
            "label or command of any container."
        ),
        starter=(
            f"# %%writefile {OFFICE}/compose.yaml\n# ...\n"
            f"# %docker compose -f {OFFICE}/compose.yaml up --wait"
        ),
        solution=(
            "from helpers import workfolder\n\n"
            f'file = workfolder("{OFFICE}").path / "compose.yaml"\n'
            f'OPEN = "POSTGRES_PASSWORD: {OFFICE_PASSWORD}\\n"\n'
            f'HIDDEN = "POSTGRES_PASSWORD_FILE: {SECRET}\\n    secrets: [password]\\n"\n'
            "mended = file.read_text().replace(OPEN, HIDDEN)\n"
            'file.write_text(mended + "secrets:\\n  password: {file: password.txt}\\n")\n'
            f"%docker compose -f {OFFICE}/compose.yaml down --volumes\n"
            f"%docker compose -f {OFFICE}/compose.yaml up --wait"
        ),
        check=check_office,
        hints=(
            "The folder has a `password.txt`. Under `secrets:` it gets a name, and each service "
            "that lists the name finds the file in `/run/secrets`. Which variable, of the app as "
            "of PostgreSQL, takes a file in place of a password?",
            f"`POSTGRES_PASSWORD_FILE: {SECRET}` for both services, `secrets: [password]` for "
            "both, and at the left edge `secrets:` with `password:` and `file: password.txt`. The "
            f"file is mounted as it is: user {APP_USER} must be able to read it.",
        ),
        names=_made(OFFICE, WEB, DB),
        seconds=30,
    ),
    Exercise(
        number="11.3",
        title="Two worlds, one file",
        goal=(
            f"`{CAFE}` runs at port {CAFE_PORT}. Beside it runs a second project, `{DEV}`, from "
            f"the same `{CAFE}/compose.yaml`, with nothing changed in it. That one answers at port "
            f"{DEV_PORT}, of this machine alone, and has the service `{TOOL}` of the profile "
            f"`debug`, which `{CAFE}` does without."
        ),
        starter=f"# %docker compose ... -f {CAFE}/compose.yaml ... up --wait",
        solution=(
            "from pathlib import Path\n\n"
            f'Path("{CAFE}/dev.env").write_text("PORT={DEV_PORT}\\n")\n'
            f"%docker compose -f {CAFE}/compose.yaml up --wait\n"
            f"%docker compose -p {DEV} -f {CAFE}/compose.yaml --env-file {CAFE}/dev.env \\\n"
            "    --profile debug up --wait"
        ),
        check=check_worlds,
        hints=(
            "Three options of `docker compose`, all before `up`: one names the project, one says "
            "what stands for `${PORT}`, one asks for a profile.",
            f"`-p {DEV}`; a file with the line `PORT={DEV_PORT}`, and `--env-file` with its path; "
            "`--profile debug`.",
        ),
        names=_made(DEV, WEB, DB, TOOL),
        seconds=15,
    ),
)
