from __future__ import annotations

import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path, PurePosixPath
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import InvalidInput
from helpers.model.container.run_options import RunOptions
from helpers.model.container.run_settings import RunSettings
from helpers.model.text.command_line import quoted
from helpers.model.text.durations import parse_nanoseconds


def settings_of(**options: Any) -> RunSettings:
    return RunSettings.of(options)


def line(command: Any = None, **options: Any) -> str:
    return settings_of(**options).line("app", command)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({}, "docker run -d app"),
        ({"detach": False}, "docker run app"),
        ({"name": "web"}, "docker run -d --name web app"),
        ({"ports": {80: 4000}}, "docker run -d -p 4000:80 app"),
        ({"ports": {80: 0}}, "docker run -d -p 80 app"),
        ({"ports": {"53/udp": 5300}}, "docker run -d -p 5300:53/udp app"),
        ({"ports": {80: "127.0.0.1:4000"}}, "docker run -d -p 127.0.0.1:4000:80 app"),
        ({"ports": {80: ("127.0.0.1", 0)}}, "docker run -d -p 127.0.0.1::80 app"),
        ({"ports": {80: "[::1]:4000"}}, "docker run -d -p '[::1]:4000:80' app"),
        ({"ports": {80: ("::1", 4000)}}, "docker run -d -p '[::1]:4000:80' app"),
        ({"memory": "64m", "cpus": 0.5}, "docker run -d --memory 64m --cpus 0.5 app"),
        ({"environment": {"NAME": "a b"}}, "docker run -d -e 'NAME=a b' app"),
        ({"volumes": {"data": "/data:ro"}}, "docker run -d -v data:/data:ro app"),
        ({"restart": "on-failure:3"}, "docker run -d --restart on-failure:3 app"),
        ({"read_only": True, "init": True}, "docker run -d --read-only --init app"),
        ({"cap_drop": ["ALL"], "cap_add": ["CHOWN"]},
         "docker run -d --cap-drop ALL --cap-add CHOWN app"),
        ({"tmpfs": {"/tmp": ""}}, "docker run -d --tmpfs /tmp app"),
        ({"tmpfs": {"/tmp": "size=8m"}}, "docker run -d --tmpfs /tmp:size=8m app"),
        ({"add_host": {"host.docker.internal": "host-gateway"}},
         "docker run -d --add-host host.docker.internal:host-gateway app"),
        ({"log_opt": {"max-size": "10k", "max-file": 2}},
         "docker run -d --log-opt max-size=10k --log-opt max-file=2 app"),
        ({"log_driver": "none"}, "docker run -d --log-driver none app"),
        ({"health_cmd": "test -f /ok", "health_interval": "1s", "health_retries": 2},
         "docker run -d --health-cmd 'test -f /ok' --health-interval 1s --health-retries 2 app"),
    ],
)  # fmt: skip
def test_the_line_is_what_one_would_type(options: dict[str, Any], text: str) -> None:
    assert line(**options) == text


def test_a_command_is_split_as_a_shell_splits_it_and_quoted_again() -> None:
    assert line("sh -c 'exit 3'") == "docker run -d app sh -c 'exit 3'"
    assert line(["echo", "two words", ""]) == "docker run -d app echo 'two words' ''"


def test_an_entrypoint_of_several_words_puts_the_rest_before_the_command() -> None:
    assert line("x", entrypoint="sh -c") == "docker run -d --entrypoint sh app -c x"


def test_bindings_name_address_and_port() -> None:
    settings = settings_of(ports={80: 4000, "53/udp": ("127.0.0.1", 53), 81: None})
    assert settings.bindings() == {
        "80/tcp": ("", 4000),
        "53/udp": ("127.0.0.1", 53),
        "81/tcp": ("", None),
    }


def test_an_ipv6_address_reaches_the_api_without_its_brackets() -> None:
    assert settings_of(ports={80: "[::1]:4000"}).bindings() == {"80/tcp": ("::1", 4000)}


@pytest.mark.parametrize(
    "host",
    ["localhost:4000", "127.1:4000", "127.0.0.1 :4000", "fe80::1%eth0:4000", "[fe80::1%eth0]:4000",
     "[]x:4000", "[::1:4000", "::1:4000", ("localhost", 4000), ("0.0.0.256", 4000),
     ("127.0.0.1", "x"), ("127.0.0.1",), "127.0.0.1:70000", "127.0.0.1:4000-4001", -1, 70000],
)  # fmt: skip
def test_an_address_that_the_engine_would_widen_is_refused_at_once(host: Any) -> None:
    with pytest.raises(InvalidInput, match=r"no IP address|no port of|no address|address ends"):
        settings_of(ports={80: host})


@pytest.mark.parametrize(
    "options",
    [{"memory": "lots"}, {"cpus": 0}, {"cpus": -1}, {"ports": {"web": 80}}, {"ports": {80: "x"}}],
)
def test_what_no_engine_would_take_is_refused_at_once(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        line(**options)


def test_restart_policies_in_the_form_of_the_api() -> None:
    assert settings_of(restart="on-failure:3").restart_policy() == {
        "Name": "on-failure",
        "MaximumRetryCount": 3,
    }
    assert settings_of(restart="always").restart_policy() == {
        "Name": "always",
        "MaximumRetryCount": 0,
    }
    assert settings_of().restart_policy() is None


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("plain", "plain"),
        ("two words", "'two words'"),
        ("trap 'exit 0' TERM", "\"trap 'exit 0' TERM\""),
        ("echo '$HOME'", "'echo '\"'\"'$HOME'\"'\"''"),
        ('say "it"', "'say \"it\"'"),
        ("it's `x`", "'it'\"'\"'s `x`'"),
    ],
)
def test_words_are_quoted_as_a_shell_needs_it(word: str, text: str) -> None:
    assert quoted(word) == text
    assert subprocess.run(["sh", "-c", f"printf %s {text}"], capture_output=True).stdout == (
        word.encode()
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"nme": "web"}, "`run` has no option 'nme'. Did you mean 'name'?"),
        ({"zzz": 1}, "`run` has no option 'zzz'. There are: name, detach"),
        ({"restart": "allways"}, "is no restart policy. Choose 'no'"),
        ({"restart": True}, "is no restart policy"),
        ({"ports": "4002:80"}, "is no table of ports. Write {port in the container"),
    ],
)
def test_slips_of_a_beginner_are_said_in_a_sentence(options: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        RunSettings.of(options)
    assert said in str(caught.value)


def test_a_starter_that_was_not_filled_in_is_said_so() -> None:
    with pytest.raises(InvalidInput, match="three dots are for you to fill in"):
        line(...)


def test_a_health_check_is_told_in_nanoseconds() -> None:
    settings = settings_of(health_cmd="true", health_interval="1m30s", health_timeout=0.5)
    assert settings.health_check() == {
        "test": ["CMD-SHELL", "true"],
        "interval": 90_000_000_000,
        "timeout": 500_000_000,
    }
    assert settings_of(health_retries=3).health_check() == {"retries": 3}
    assert settings_of().health_check() is None


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [("1s", 10**9), ("500ms", 5 * 10**8), ("1m30s", 90 * 10**9), ("2h", 7200 * 10**9),
     ("1.5s", 15 * 10**8), ("1.s", 10**9), (".5s", 5 * 10**8), ("0", 0),
     ("1h1ns", 3600 * 10**9 + 1),
     ("3us", 3000), ("3µs", 3000), ("3μs", 3000)],
)  # fmt: skip
def test_durations_are_read_as_go_reads_them(text: str, nanoseconds: int) -> None:
    assert parse_nanoseconds(text) == nanoseconds


@pytest.mark.parametrize("text", ["", "1", "s", "1 s", "1x", "-1s", "1s ", "٣s", "9999999h", True,
                                  float("nan"), float("inf"), -1, 1e300, b"1s"])  # fmt: skip
def test_what_is_no_duration_is_refused_at_once(text: Any) -> None:
    with pytest.raises(InvalidInput, match="is no duration"):
        settings_of(health_interval=text)


@pytest.mark.parametrize(
    ("seconds", "text"), [(1, "1s"), (0.5, "0.5s"), (1e-7, "0.0000001s"), (90, "90s")]
)
def test_a_number_of_seconds_is_printed_with_its_unit(seconds: float, text: str) -> None:
    assert line(health_interval=seconds) == f"docker run -d --health-interval {text} app"


def test_every_option_is_a_setting_and_every_setting_an_option() -> None:
    assert list(RunOptions.__annotations__) == [field.name for field in fields(RunSettings)]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"cap_add": "NET_ADMIN"}, "--cap-add NET_ADMIN"),
        ({"cap_drop": ("ALL",), "security_opt": {"seccomp=unconfined"}},
         "--cap-drop ALL --security-opt seccomp=unconfined"),
        ({"devices": Path("/dev/fuse")}, "--device /dev/fuse"),
        ({"environment": ["A=b", "C=d=e"]}, "-e A=b -e C=d=e"),
        ({"environment": "A=b"}, "-e A=b"),
        ({"environment": {"A": None, "B": 5}}, "-e A -e B=5"),
        ({"volumes": ["data:/a", "data:/b:ro"]}, "-v data:/a -v data:/b:ro"),
        ({"volumes": "data:/a"}, "-v data:/a"),
        ({"volumes": {"/a": {"bind": "/b", "mode": "ro"}}}, "-v /a:/b:ro"),
        ({"volumes": {Path("data"): Path("/b")}}, "-v ./data:/b"),
        ({"volumes": {Path("/srv/data"): "/b"}}, "-v /srv/data:/b"),
        ({"volumes": ["C:\\data:/b"]}, "-v 'C:\\data:/b'"),
        ({"tmpfs": ["/tmp", "/run:size=8m,uid=5"]}, "--tmpfs /tmp --tmpfs /run:size=8m,uid=5"),
        ({"add_host": "db:10.0.0.5"}, "--add-host db:10.0.0.5"),
        ({"add_host": ["db:fe80::1"]}, "--add-host db:fe80::1"),
        ({"log_opt": ["max-size=10k"]}, "--log-opt max-size=10k"),
        ({"cpus": "0.5"}, "--cpus 0.5"),
        ({"cpus": "1/2"}, "--cpus 0.5"),
        ({"cpus": "2"}, "--cpus 2"),
        ({"pids_limit": "-1"}, "--pids-limit -1"),
        ({"memory": 64.5}, "--memory 64.5"),
        ({"memory_swap": "-1"}, "--memory-swap -1"),
        ({"memory_swap": -1}, "--memory-swap -1"),
        ({"user": 1000}, "--user 1000"),
        ({"name": 5}, "--name 5"),
        ({"workdir": PurePosixPath("/srv")}, "--workdir /srv"),
        ({"read_only": "true", "init": "0"}, "--read-only"),
        ({"entrypoint": ["sleep", 5]}, "--entrypoint sleep"),
        ({"entrypoint": ""}, "--entrypoint ''"),
        ({"ports": {"80/TCP": "4000"}}, "-p 4000:80/TCP"),
    ],
)  # fmt: skip
def test_what_the_command_takes_is_taken(options: dict[str, Any], text: str) -> None:
    assert line(**options).startswith(f"docker run -d {text} app")


@pytest.mark.parametrize(
    "options",
    [
        {"cap_add": {"NET_ADMIN": True}}, {"cap_add": [1]}, {"cap_add": b"CHOWN"}, {"devices": 5},
        {"environment": {"A": ["b"]}}, {"environment": {"": "b"}}, {"environment": {"A=b": "c"}},
        {"environment": ["=b"]}, {"environment": 5}, {"environment": {("A",): "b"}},
        {"volumes": "/data"}, {"volumes": ["data:"]}, {"volumes": {"/a": ["/b"]}},
        {"volumes": {"/a": {"mode": "ro"}}}, {"volumes": {"/a": {"bind": ["/b"]}}},
        {"volumes": {5: "/b"}}, {"volumes": [("/a", "/b")]},
        {"cpus": "half"}, {"cpus": "1/0"}, {"cpus": True}, {"cpus": float("nan")}, {"cpus": 1e-12},
        {"cpus": 1e300}, {"cpus": float("inf")}, {"cpus": [1]},
        {"pids_limit": "many"}, {"pids_limit": 1.5}, {"health_retries": "٣"},
        {"memory": True}, {"memory": -1}, {"memory": [64]}, {"memory": float("nan")},
        {"memory": "9" * 400}, {"memory": "64i"}, {"memory": "٦٤m"}, {"memory_swap": "-2"},
        {"user": True}, {"name": ["web"]}, {"name": object()}, {"network": {"a": 1}},
        {"workdir": b"/srv"}, {"read_only": "maybe"}, {"detach": 2}, {"entrypoint": {"a": 1}},
        {"health_cmd": ["CMD", "true"]}, {"runtime": 1j},
        {"ports": {80: True}}, {"ports": {True: 80}}, {"ports": {0: 80}}, {"ports": {70_000: 80}},
        {"ports": {"80/xyz": 80}}, {"ports": {80: 1, "80/tcp": 2}}, {"ports": {80: [1, 2]}},
        {"ports": {80: "²"}}, {"ports": {80: (None, 80)}}, {"ports": {80: "9" * 5000}},
        {"restart": "on-failure:²"}, {"restart": ["no"]},
    ],
)  # fmt: skip
def test_what_no_command_line_has_is_refused_in_words(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as caught:
        line(**options)
    assert caught.value.next_step


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.binary(max_size=4) | st.builds(PurePosixPath, st.text(max_size=6)),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner)
    | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(st.sampled_from(list(RunOptions.__annotations__)), ANYTHING, ANYTHING)
def test_whatever_is_written_becomes_a_line_or_is_refused_in_words(
    name: str, value: object, command: object
) -> None:
    try:
        settings = RunSettings.of({name: value})
        words: Sequence[str] = shlex.split(settings.line("app", command))
        bindings: dict[str, Any] | None = settings.bindings()
    except InvalidInput as error:
        words, bindings = (error.message, error.next_step), None
    if bindings is None:
        assert all(words)
    else:
        assert words[:2] == ["docker", "run"]
        assert len(bindings) == len(settings.ports or {})


@pytest.mark.parametrize(
    ("command", "text"),
    [(["sleep", 5], "sleep 5"), (("cat", Path("/etc/hosts")), "cat /etc/hosts"), (5, "5"),
     ("sleep 0.5", "sleep 0.5"), ([], ""), ("", "")],
)  # fmt: skip
def test_the_words_of_a_command_may_be_numbers_and_paths(command: Any, text: str) -> None:
    assert line(command) == f"docker run -d app {text}".rstrip()


@pytest.mark.parametrize(
    ("command", "said"),
    [("echo it's me", "that nothing closes"), ("echo \\", "that nothing closes"),
     (["sleep", None], "is no word"), ([["sleep"]], "is no word"), (b"sleep", "is no word"),
     ({"sleep": 5}, "is no word"), (["sleep", ...], "three dots")],
)  # fmt: skip
def test_what_is_no_command_is_refused_in_words(command: Any, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        line(command)


def test_a_variable_without_a_value_has_the_one_that_it_has_here_or_is_taken_out() -> None:
    """As `docker run -e NAME` does: docker/cli, opts.ValidateEnv."""
    settings = settings_of(environment={"HERE": None, "AWAY": None, "EMPTY": "", "SET": "x"})
    assert settings.variables({"HERE": "1"}) == ["HERE=1", "AWAY", "EMPTY=", "SET=x"]


def test_a_tilde_means_in_the_command_what_it_means_to_a_shell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    text = line(volumes={"~/x": "/y", "~": "/z"})
    assert text == "docker run -d -v /home/ada/x:/y -v /home/ada:/z app"


@pytest.mark.parametrize(
    ("name", "ours"),
    [("mem_limit", "memory"), ("nano_cpus", "cpus"), ("working_dir", "workdir"),
     ("env", "environment"),
     ("extra_hosts", "add_host"), ("restart_policy", "restart"), ("publish", "ports")],
)  # fmt: skip
def test_an_option_by_its_name_elsewhere_leads_to_ours(name: str, ours: str) -> None:
    with pytest.raises(InvalidInput, match=f"Did you mean '{ours}'"):
        settings_of(**{name: "x"})


def test_what_has_a_name_is_given_by_it() -> None:
    with pytest.raises(InvalidInput, match="Give its name: 'web'"):
        settings_of(network=SimpleNamespace(name="web"))
