"""What is said below Compose's own words, which are those of 2.40 and 5.6 here."""

from __future__ import annotations

import pytest

from helpers.model.command.cell_words import cell_words
from helpers.model.command.next_step import next_step, outcome, program_ran
from helpers.model.command.typed_command import typed_command

PROJECT = ": invalid compose project"
WORDS = (
    ("docker: unknown command: docker compose\n\nRun 'docker --help' for more", "plug-in"),
    ("docker: 'compose' is not a docker command.\nSee 'docker --help'", "plug-in"),
    ("no configuration file provided: not found", "-f FOLDER/compose.yaml"),
    ("open /x/nope.yaml: no such file or directory", "notebook's folder"),
    ('compose file "/x/a.yaml" is invalid: open /x/a.yaml: no such file', "notebook's folder"),
    (f'service "web" depends on undefined service "dbb"{PROJECT}', "depends_on"),
    ("dependency cycle detected: two -> web -> two", "must start first"),
    (f'service "web" refers to undefined volume data{PROJECT}', "Declare `data` under `volumes:`"),
    (f'service "web" refers to undefined secret pw{PROJECT}', "Declare `pw` under `secrets:`"),
    ("validating /x/a.yaml: services.web additional properties 'imgae' not allowed", "`imgae`"),
    ("validating /x/compose.yaml: services.web.imgae false schema", "No key is called `imgae`"),
    ("validating /x/compose.yaml: services.web.ports must be a array", "reference/compose-file"),
    ("services.ports must be a mapping", "reference/compose-file"),
    ("yaml: line 3: found character that cannot start any token", "two spaces"),
    ("go-yaml load error in scanner (while scanning for the next token) at L3.C1", "two spaces"),
    (f'service "web" has neither an image nor a build context specified{PROJECT}', "`image:`"),
    ("env file /x/x.env not found: stat /x/x.env: no such file or directory", "env_file:"),
    (
        "error while interpolating services.web.image: required variable V is missing a value: x",
        "`.env`: `V=…`",
    ),
    ("invalid interpolation format for services.web.image.", "`$$`"),
    ("no such service: nope", "config --services"),
    ('service "web" is not running', "docker compose up -d web"),
    ("no service selected", "--profile NAME"),
    ("dependency failed to start: container a-db-1 is unhealthy", "'{{json .State.Health}}' a-db"),
    ("container shop-web-1 exited (1)", "docker logs shop-web-1"),
    ("dependency failed to start: container shop-db-1 exited (1)", "docker logs shop-db-1"),
    ('service "web" didn\'t complete successfully: exit 1', "docker compose logs web"),
    ('invalid project name "UP": must consist only of lowercase', "small letters"),
    ('unknown docker command: "compose rnu"', "docker compose --help"),
    ("unable to upgrade to tcp, received 500", "began no program"),
    ("unknown flag: --nope", "--help"),
)  # fmt: skip


@pytest.mark.parametrize(("words", "says"), WORDS, ids=[words[:40] for words, _ in WORDS])
def test_each_error_has_its_next_step(words: str, says: str) -> None:
    assert says in next_step(words)


def test_a_warning_ahead_of_the_error_changes_nothing() -> None:
    warning = 'time="2026-11-30T18:51:37Z" level=warning msg="The \\"B\\" variable is not set."\n'
    assert "config --services" in next_step(f"{warning}no such service: nope\n")
    assert next_step(warning) == ""


@pytest.mark.parametrize(
    ("line", "words", "ran"),
    [
        ("compose exec web ls", "", True),
        ("compose exec web ls /x", "ls: /x: No such file or directory\n", True),
        ("compose exec web ls", 'service "web" is not running\n', False),
        ("compose run --rm web ls", "no such service: web\n", False),
        ("compose run --rm web ls", " Container a-db-1  Running\nls: x\n", True),
        ("compose run --rm web ls", " Container a-db-1  Running\n", True),
        ("compose run --rm web x", " Container a Created \nError response from daemon: x", False),
        ("compose run --rm web ls", "no configuration file provided: not found\n", False),
        ("compose run --rm web ls", "unable to upgrade to tcp, received 500", False),
        ("compose run -d web ls", "", False),
        ("compose up --wait", "container x exited (1)\n", False),
    ],
)
def test_who_ended_is_told(line: str, words: str, ran: bool) -> None:
    command = typed_command(cell_words(line))
    assert program_ran(command, 1, words) is ran
    says = "The program in the container ended with" if ran else "Compose ended with"
    assert outcome(command, 1, words) == f"{says} exit code 1."
