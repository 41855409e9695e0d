from __future__ import annotations

import subprocess
from dataclasses import fields
from typing import Any

import pytest

from helpers.errors import InvalidInput
from helpers.model.container.health_settings import parse_seconds
from helpers.model.container.run_settings import RunOptions, RunSettings
from helpers.model.text.command_line import quoted


def line(command: Any = None, **options: Any) -> str:
    return RunSettings(**options).line("app", command)


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
    settings = RunSettings(ports={80: 4000, "53/udp": ("127.0.0.1", 53), 81: None})
    assert settings.bindings() == {
        "80/tcp": ("", 4000),
        "53/udp": ("127.0.0.1", 53),
        "81/tcp": ("", None),
    }


def test_an_ipv6_address_reaches_the_api_without_its_brackets() -> None:
    assert RunSettings(ports={80: "[::1]:4000"}).bindings() == {"80/tcp": ("::1", 4000)}


@pytest.mark.parametrize(
    "host",
    ["localhost:4000", "127.1:4000", "127.0.0.1 :4000", "fe80::1%eth0:4000", "[fe80::1%eth0]:4000",
     "[]x:4000", "[::1:4000", "::1:4000", ("localhost", 4000), ("0.0.0.256", 4000),
     ("127.0.0.1", "x"), ("127.0.0.1",), "127.0.0.1:70000", "127.0.0.1:4000-4001", -1, 70000],
)  # fmt: skip
def test_an_address_that_the_engine_would_widen_is_refused_at_once(host: Any) -> None:
    with pytest.raises(InvalidInput, match=r"no IP address|no port of|no address|address ends"):
        RunSettings(ports={80: host})


@pytest.mark.parametrize(
    "options",
    [{"memory": "lots"}, {"cpus": 0}, {"cpus": -1}, {"ports": {"web": 80}}, {"ports": {80: "x"}}],
)
def test_what_no_engine_would_take_is_refused_at_once(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        line(**options)


def test_restart_policies_in_the_form_of_the_api() -> None:
    assert RunSettings(restart="on-failure:3").restart_policy() == {
        "Name": "on-failure",
        "MaximumRetryCount": 3,
    }
    assert RunSettings(restart="always").restart_policy() == {
        "Name": "always",
        "MaximumRetryCount": 0,
    }
    assert RunSettings().restart_policy() is None


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
    settings = RunSettings(health_cmd="true", health_interval="1m30s", health_timeout=0.5)
    assert settings.health_check() == {
        "test": ["CMD-SHELL", "true"],
        "interval": 90_000_000_000,
        "timeout": 500_000_000,
    }
    assert RunSettings(health_retries=3).health_check() == {"retries": 3}
    assert RunSettings().health_check() is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1s", 1), ("500ms", 0.5), ("1m30s", 90), ("2h", 7200), ("1.5s", 1.5), (3, 3)],
)
def test_durations_are_read_as_go_reads_them(text: Any, seconds: float) -> None:
    assert parse_seconds(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "1", "s", "1 s", "1x", "-1s"])
def test_what_is_no_duration_is_refused_at_once(text: str) -> None:
    with pytest.raises(InvalidInput, match="is no duration"):
        RunSettings(health_interval=text)


def test_every_option_is_a_setting_and_every_setting_an_option() -> None:
    assert list(RunOptions.__annotations__) == [field.name for field in fields(RunSettings)]
