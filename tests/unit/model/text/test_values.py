"""The small values that a learner meets as the result of a cell."""

from __future__ import annotations

from helpers.engine.base.command_log import CommandLog
from helpers.errors import NameInUse, WorkbookError
from helpers.model.container.event import EngineEvent, EventLog
from helpers.model.container.outcome import Answer, Done, Removed
from helpers.model.text.command_line import docker_line
from helpers.model.text.output import Output


def test_output_shows_itself_without_quotes() -> None:
    assert repr(Output("two\nlines\n", "docker logs x")) == "two\nlines"
    assert repr(Output("no\n", "docker exec x", 3)) == "no\n(exit code 3)"
    assert repr(Output("", exit_code=3)) == "(exit code 3)"
    assert Output("a") == "a"


def test_commands_are_ready_to_be_typed_again() -> None:
    log = CommandLog()
    assert repr(log) == "no commands yet"
    log.add(docker_line("run", ["-e", "A=b c"], "app"))
    assert repr(log) == "$ docker run -e 'A=b c' app"


def test_done_names_its_command_and_what_came_of_it() -> None:
    assert repr(Done("docker stop web", "web", "exited", 10.21)) == (
        "$ docker stop web\nweb is exited, after 10.2 s"
    )
    assert repr(Answer("http://127.0.0.1:1/", 200, 0.31, "")) == (
        "http://127.0.0.1:1/ answered 200 after 0.31 s"
    )


def test_removed_says_what_or_that_there_was_nothing() -> None:
    assert repr(Removed()) == "nothing to remove"
    assert repr(Removed(containers=("a", "b"), volumes=("v",))) == (
        "removed containers: a, b; volumes: v"
    )


def test_events_are_read_from_the_engines_messages_and_sorted() -> None:
    message = {
        "Type": "container", "Action": "die", "time": 5, "timeNano": 5_250_000_000,
        "Actor": {"Attributes": {"name": "web", "exitCode": "3"}},
    }  # fmt: skip
    late = EngineEvent.from_message(message)
    early = EngineEvent(5.0, "container", "start", "web")
    log = EventLog([late, early])
    assert log.actions == ["start", "die"]
    assert log.seconds_after_first() == [0, 0.25]
    assert late.attributes["exitCode"] == "3"


def test_an_error_shows_one_sentence_and_the_next_step_in_a_notebook() -> None:
    error = NameInUse("The name is taken.", "Choose another.", command="docker run", answer="409")
    assert error._render_traceback_() == ["NameInUse: The name is taken.", "→ Choose another."]
    assert str(error) == "The name is taken. Choose another."
    assert WorkbookError("Alone.")._render_traceback_() == ["WorkbookError: Alone."]
