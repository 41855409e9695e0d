"""A Compose command taken apart, and what Compose prints, read."""

from __future__ import annotations

import json

import pytest

from helpers.model.command.cell_words import cell_words
from helpers.model.command.compose_command import ComposeCommand, compose_command
from helpers.model.command.compose_project import read_project
from helpers.model.command.compose_rows import ComposeRows
from helpers.model.command.typed_command import typed_command


def compose(line: str) -> ComposeCommand:
    """The command in that line."""
    return compose_command(typed_command(cell_words(line)))


@pytest.mark.parametrize(
    ("line", "head", "verb"),
    [
        ("compose up -d", "compose", "up"),
        ("docker compose -f a -f b.yaml up", "compose -f a -f b.yaml", "up"),
        ("--debug compose -p shop --profile x ps", "--debug compose -p shop --profile x", "ps"),
        ("compose --env-file=dev.env down -v", "compose --env-file=dev.env", "down"),
        ("compose --ansi never --dry-run up", "compose --ansi never --dry-run", "up"),
        ("compose -fa.yaml config", "compose -fa.yaml", "config"),
        ("compose -f - up", "compose -f -", "up"),
        ("compose --project-directory x logs -f", "compose --project-directory x", "logs"),
        ("compose", "compose", ""),
        ("compose -f", "compose -f", ""),
        ("compose --version", "compose --version", ""),
    ],
)  # fmt: skip
def test_what_stands_before_the_verb_is_composes_own(line: str, head: str, verb: str) -> None:
    command = compose(line)
    assert " ".join(command.head) == head
    assert command.verb == verb


@pytest.mark.parametrize(
    ("line", "services"),
    [
        ("compose up -d", ()),
        ("compose up -d --scale web=3 web db", ("web", "db")),
        ("compose up --wait --wait-timeout 5 -t 3 web", ("web",)),
        ("compose run --rm -e A=b web ls db", ("web",)),
        ("compose run -it --name x web", ("web",)),
        ("compose scale web=3 db=1", ("web", "db")),
        ("compose build --build-arg A=b -q web", ("web",)),
        ("compose exec -T web ls", ("web",)),
    ],
)
def test_the_services_that_it_is_about(line: str, services: tuple[str, ...]) -> None:
    assert compose(line).services == services


@pytest.mark.parametrize(
    ("line", "makes", "builds", "touches"),
    [
        ("compose up -d", True, True, True),
        ("compose run web ls", True, True, True),
        ("compose scale web=2", True, True, True),
        ("compose watch", True, True, True),
        ("compose build", False, True, False),
        ("compose down -v", False, False, True),
        ("compose stop web", False, False, True),
        ("compose ps", False, False, False),
        ("compose logs -f", False, False, False),
        ("compose config", False, False, False),
        ("compose exec web ls", False, False, False),
        ("compose --dry-run up", False, False, False),
        ("compose up --help", False, False, False),
        ("compose build --help", False, False, False),
        ("compose", False, False, False),
    ],
)
def test_what_it_may_do(line: str, makes: bool, builds: bool, touches: bool) -> None:
    command = compose(line)
    assert (command.makes, command.builds, command.touches) == (makes, builds, touches)


def test_whose_exit_code_it_is() -> None:
    assert compose("compose exec web ls").runs_program
    assert compose("compose run --rm web ls -d").runs_program
    assert not compose("compose run -d web ls").runs_program
    assert not compose("compose up").runs_program


def test_the_name_that_it_gives_the_project() -> None:
    assert compose("compose -p a --project-name b down").project == "b"
    assert compose("compose down").project == ""


def test_a_project_is_read_as_compose_prints_it() -> None:
    printed = {
        "name": "shop",
        "services": {
            "db": {"image": "postgres:17"},
            "again": {"image": "postgres:17", "pull_policy": "missing"},
            "fresh": {"image": "fresh", "pull_policy": "always"},
            "web": {
                "build": {
                    "context": "/x/app",
                    "dockerfile": "a/Dockerfile",
                    "target": "last",
                    "args": {"A": "1", "B": None},
                }
            },
            "own": {"image": "mine:1", "build": {"context": "/x", "dockerfile_inline": "FROM a"}},
            "helper": {"provider": {"type": "x"}},
        },
    }  # fmt: skip
    project = read_project(json.dumps(printed))
    assert project is not None
    assert project.name == "shop"
    assert project.supplied_images == ("postgres:17",)
    web, inline = (each.build for each in project.built)
    assert [each.image for each in project.built] == ["shop-web", "mine:1"]
    assert web is not None
    assert (web.context, web.dockerfile.replace("\\", "/")) == ("/x/app", "/x/app/a/Dockerfile")
    assert (web.target, web.arguments) == ("last", {"A": "1"})
    assert inline is not None
    assert (inline.dockerfile, inline.text) == ("-", "FROM a")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"name": "x", "services": [1]}', "null"])
def test_what_is_no_project_is_none(text: str) -> None:
    assert read_project(text) is None


OF_2 = """\
 Container shop-web-10  Creating
 Network shop_default  Creating
 Container shop-web-2  Creating
 shop-web  Built
 Network shop_default  Created
 Container shop-web-2  Started
 Volume shop_data  Created
 Container shop-web-10  Healthy
"""
# Of 5.6: one space, another behind it, and some lines twice.
OF_5 = """\
 Volume shop_data Creating 
 Volume shop_data Created 
 Volume shop_data Created 
 Image shop-web Built 
 Container shop-web-2 Started 
 Container shop-web-10 Waiting 
 Network shop_default Created 
 Container shop-web-10 Healthy 
"""  # noqa: W291


@pytest.mark.parametrize("printed", [OF_2, OF_5])
def test_progress_comes_to_a_row_for_each_object_in_any_release(printed: str) -> None:
    rows = ComposeRows()
    assert all(rows.take(line) for line in printed.splitlines())
    assert rows.give() == (
        " Network shop_default  Created\n"
        " Volume shop_data  Created\n"
        " Image shop-web  Built\n"
        " Container shop-web-2  Started\n"
        " Container shop-web-10  Healthy\n"
    )
    assert rows.give() == ""


@pytest.mark.parametrize(
    "line",
    [
        "",
        "no such service: x",
        "Container x is unhealthy",
        "dependency failed to start: container x is unhealthy",
        'time="2026-11-30T18:51:37Z" level=warning msg="x"',
    ],
)
def test_other_lines_are_no_progress(line: str) -> None:
    assert not ComposeRows().take(line)


def test_an_error_is_a_step_as_well() -> None:
    rows = ComposeRows()
    assert rows.take(" Container shop-db-1 Error dependency db failed to start ")
    assert rows.take(" web Error failed to resolve reference")
    assert rows.give() == (
        " Image web  Error failed to resolve reference\n"
        " Container shop-db-1  Error dependency db failed to start\n"
    )


def test_what_a_program_printed_is_no_image() -> None:
    assert not ComposeRows().take(" web 200 OK")
    assert ComposeRows().take(" Service web  Building")
