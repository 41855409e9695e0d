"""Whatever an engine, a resolver or a program in a container answers is read, and no error."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from helpers.model.network.attempt import Attempt, Outcome
from helpers.model.network.destination import destinations
from helpers.model.network.lookup import lookup_from
from helpers.model.network.topology import Network, Station, Topology, as_listed, in_order
from helpers.model.network.wget_words import understood
from helpers.outside import visible_text

KEYS = st.sampled_from([
    *("Id", "Name", "Driver", "Internal", "IPAM", "Config", "Subnet", "Gateway", "State"),
    *("Status", "HostConfig", "NetworkMode", "NetworkSettings", "Networks", "IPAddress"),
    *("Aliases", "DNSNames", "bridge", "podman", "none", "container:x"),
])  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | KEYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=6,
)
ANSWERS = st.dictionaries(KEYS, VALUES, max_size=6)
PRINTED = st.text(max_size=200) | st.lists(
    st.sampled_from([
        *("  HTTP/1.0 200 OK", "Connecting to a (b)", "wget: bad address 'a'", "@m a", "@m "),
        *("wget: can't connect to remote host (", "): Connection refused", "Name:\ta", "\x1b[2J"),
        *("Address: 1.2.3.4", "Address:", "NXDOMAIN", "timed out", "short read"),
    ])
).map("\n".join)  # fmt: skip


@given(ANSWERS, ANSWERS, st.text(max_size=9) | KEYS)
def test_any_answer_of_an_engine_is_a_map(one: Any, other: Any, target: str) -> None:
    networks = in_order((Network.from_answer(one), Network.from_answer(other)))
    stations = tuple(as_listed(Station.from_inspect(each), networks) for each in (one, other))
    attempt = Attempt("a", target, 80, Outcome.ANSWERED, source_id=stations[0].id)
    now = Topology(networks, stations, (attempt,))
    for goal in destinations(now):
        assert goal.source in stations
        assert goal.station is None or goal.station in stations
    for station in stations:
        assert now.host_of(station) in stations
        assert now.resolvers(station)[0] == "127.0.0.11"
    assert now.only(()) is now
    assert set(now.only((target,)).stations) <= set(stations)


@given(PRINTED, PRINTED)
def test_anything_that_is_printed_has_an_outcome(errors: str, body: str) -> None:
    got = understood(errors, body)
    assert got.outcome in Outcome
    assert max(len(got.words), len(got.first_line)) <= 120
    attempt = Attempt("a", "b", 80, got.outcome, got.words, got.status, got.first_line)
    shown = repr(attempt)
    assert shown == visible_text(shown)
    assert shown.count("\n") == 1


@given(PRINTED)
def test_anything_that_is_printed_is_a_lookup(output: str) -> None:
    lookup = lookup_from("a", ("a", "b"), ("127.0.0.11",), "@m", output)
    assert [each.name for each in lookup.answers] in ([], ["a"], ["b"], ["a", "b"])
    assert all(each.addresses or each.words for each in lookup.answers)
