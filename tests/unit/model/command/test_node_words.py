"""Which words of a command name a node, and what helps after one that failed there."""

from __future__ import annotations

import pytest

from helpers.model.command.cell_words import cell_words
from helpers.model.command.node_words import chosen_context, step_at, words_there
from helpers.model.command.typed_command import typed_command


@pytest.mark.parametrize(
    ("line", "there"),
    [
        ("-c node-1 ps", "ps"),
        ("--context node-1 ps", "ps"),
        ("--context=node-1 ps", "ps"),
        ("-c=node-1 ps", "ps"),
        ("-cnode-1 ps", "ps"),
        ("docker -c node-1 ps -a", "ps -a"),
        ("-D -c node-1 ps", "-D ps"),
        ("--log-level debug -c node-1 ps", "--log-level debug ps"),
        ("-c other -c node-1 ps", "ps"),
        ("-c node-1", ""),
        ("-c node-1 stack deploy -c shop.yaml shop", "stack deploy -c shop.yaml shop"),
        ("-c node-1 run -c 512 busybox sh -c 'exit 1'", "run -c 512 busybox sh -c 'exit 1'"),
        ("-c node-1 exec --context x y", "exec --context x y"),
    ],
)
def test_the_context_is_taken_out_of_the_words(line: str, there: str) -> None:
    command = typed_command(cell_words(line))
    assert chosen_context(command) == "node-1"
    assert words_there(command) == cell_words(there)


@pytest.mark.parametrize(
    "line",
    [
        "ps",
        "",
        "run -c node-1 busybox",
        "stack deploy -c node-1 shop",
        "-H tcp://there:2375 -c node-1 ps",
        "-c node-1 --host=unix:///there.sock ps",
        "-l node-1 ps",
        "-c",
        "-- -c node-1",
    ],
)
def test_no_context_is_chosen(line: str) -> None:
    assert chosen_context(typed_command(cell_words(line))) == ""


@pytest.mark.parametrize(
    ("words", "step"),
    [
        ("Error response from daemon: container 3f2c is not running", "`%docker start node-2`"),
        ("can only create exec sessions on running containers", "`%docker start node-2`"),
        ("Error response from daemon: container 3f is paused, unpause it", "unpause node-2`"),
        ("Cannot connect to the Docker daemon at unix:///x.sock.", "`%docker logs node-2`"),
        (
            "Error response from daemon: This node is not a swarm manager. Worker nodes can't be "
            "used to view or modify cluster state.",
            "Ask a manager",
        ),
        (
            'Error response from daemon: This node is not a swarm manager. Use "docker swarm init"',
            "`%docker -c node-2 swarm init`",
        ),
        ("Error response from daemon: This node is already part of a swarm.", "swarm leave"),
        ("The swarm does not have a leader. It's possible that", "--force-new-cluster"),
        ("Unable to find image 'busybox:1.37' locally", "images of its own"),
        ("Error response from daemon: service web not found", ""),
    ],
)
def test_the_step_after_an_error_names_the_node(words: str, step: str) -> None:
    assert step in step_at("node-2", words)
    assert bool(step) == bool(step_at("node-2", words))
