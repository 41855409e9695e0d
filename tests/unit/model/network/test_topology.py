"""Networks and containers from an engine's answers, and where attempts lead among them."""

from __future__ import annotations

from dataclasses import replace

from helpers.model.network.attempt import Attempt, Outcome
from helpers.model.network.destination import destinations
from helpers.model.network.lookup import NameAnswer, lookup_from
from helpers.model.network.topology import (
    Attachment,
    Network,
    Station,
    Topology,
    as_listed,
    in_order,
)

FRONT, BACK = (
    Network("n1", "front", gateways=("10.1.0.1",)),
    Network("n2", "back", is_internal=True),
)
STREET = Station("1" * 64, "street", attachments=(Attachment("front", ("10.1.0.2",), ("street",)),))
DESK = Station(
    "2" * 64,
    "desk",
    attachments=(
        Attachment("back", ("10.2.0.2",), ("desk",)),
        Attachment("front", ("10.1.0.3",), ("desk", "counter")),
    ),
)
VAULT = Station("3" * 64, "vault", attachments=(Attachment("back", ("10.2.0.3",), ("vault",)),))
GUEST = Station("4" * 64, "guest", beside="2" * 64)
NOW = Topology((BACK, FRONT), (DESK, GUEST, STREET, VAULT))


def test_a_network_is_read_from_an_engines_list() -> None:
    answer = {
        "Id": "abc", "Name": "back", "Driver": "bridge", "Internal": True,
        "IPAM": {"Config": [
            {"Subnet": "10.2.0.0/16", "Gateway": "10.2.0.1"}, {"Subnet": "fd00::/64"}, {},
        ]},
    }  # fmt: skip
    read = Network.from_answer(answer)
    assert read == Network(
        "abc", "back", "bridge", True, ("10.2.0.0/16", "fd00::/64"), ("10.2.0.1",)
    )
    assert Network.from_answer({"IPAM": {"Config": None}, "Internal": "no"}) == Network("", "", "")
    order = in_order((Network("1", "none"), Network("2", "z"), Network("3", "bridge")))
    assert [each.name for each in order] == ["z", "bridge", "none"]


def test_a_container_is_read_from_inspect() -> None:
    inspected = {
        "Id": "2" * 64,
        "Name": "/desk",
        "State": {"Status": "running"},
        "HostConfig": {"NetworkMode": "front"},
        "NetworkSettings": {
            "Networks": {
                "front": {"IPAddress": "10.1.0.3", "GlobalIPv6Address": "",
                          "Aliases": ["counter"], "DNSNames": ["desk", "counter", "2" * 12]},
                "back": {"IPAddress": "10.2.0.2", "Aliases": None},
                "bridge": {"IPAddress": "172.17.0.2", "DNSNames": None},
            }
        },
    }  # fmt: skip
    read = Station.from_inspect(inspected)
    bridge = Attachment("bridge", ("172.17.0.2",))
    front = DESK.on("front")
    assert front is not None
    assert read == replace(
        DESK, attachments=(Attachment("back", ("10.2.0.2",), ("desk",)), bridge, front)
    )
    assert read.on("other") is None
    assert read.addresses == ("10.2.0.2", "172.17.0.2", "10.1.0.3")
    beside = Station.from_inspect({"HostConfig": {"NetworkMode": "container:2222"}})
    assert (beside.beside, beside.attachments) == ("2222", ())


def test_podmans_default_network_is_the_one_in_its_list() -> None:
    plain = Station("6" * 64, "plain", attachments=(Attachment("podman"),))
    assert as_listed(plain, (Network("n", "bridge"),)).on("bridge")
    assert as_listed(plain, (Network("n", "podman"),)) is plain
    assert as_listed(DESK, NOW.networks) == DESK


def test_who_is_on_a_network_and_who_shares_it() -> None:
    assert NOW.members("back") == (DESK, VAULT)
    assert NOW.guests(DESK) == (GUEST,)
    assert NOW.host_of(GUEST) == DESK
    assert NOW.names() == {"front", "back", "street", "desk", "guest", "vault"}


def test_a_part_is_chosen_by_names() -> None:
    assert NOW.only(()) is NOW
    by_container = NOW.only(("desk",))
    assert by_container.stations == (DESK, GUEST)
    assert by_container.networks == (BACK, FRONT)
    by_network = NOW.only(("front",))
    assert by_network.stations == (DESK, GUEST, STREET)
    assert by_network.networks == (FRONT,)


def led(source: Station, target: str, address: str = "") -> tuple[str, str]:
    """The container and the network that an attempt leads to."""
    attempt = Attempt(
        source.name, target, 80, Outcome.ANSWERED, address=address, source_id=source.id
    )
    (goal,) = destinations(replace(NOW, attempts=(attempt,)))
    return (goal.station.name if goal.station else "", goal.network)


def test_attempts_lead_to_whom_they_mean() -> None:
    assert led(STREET, "desk") == ("desk", "front")
    assert led(STREET, "counter") == ("desk", "front")
    assert led(STREET, "10.1.0.3") == ("desk", "front")
    assert led(VAULT, "desk", "10.2.0.2") == ("desk", "back")
    assert led(STREET, "vault") == ("vault", ""), "nobody's name there, and yet on the map"
    assert led(STREET, "10.2.0.3") == ("vault", "")
    assert led(STREET, "nowhere") == ("", "")
    assert led(STREET, "localhost") == ("street", "front")
    assert led(GUEST, "vault") == ("vault", "back"), "a guest is where its host is"
    assert led(STREET, "guest") == ("desk", "front")


def test_attempts_from_what_is_gone_lead_nowhere() -> None:
    gone = Attempt("gone", "desk", 80, Outcome.REFUSED, source_id="9" * 64)
    assert destinations(replace(NOW, attempts=(gone,))) == ()


ANSWERED = """\
@m 127.0.0.11
@m nope
Server:\t\t127.0.0.11
Address:\t127.0.0.11:53

** server can't find nope: NXDOMAIN

@m desk
Server:\t\t127.0.0.11
Address:\t127.0.0.11:53

Non-authoritative answer:
Name:\tdesk
Address: 10.1.0.4
Name:\tdesk
Address: 10.1.0.3

*** Can't find desk: No answer
@m slow
"""


def test_what_a_resolver_answered_is_understood() -> None:
    names = ("desk", "nope", "slow", "never")
    known = NOW.resolvers(STREET)
    assert known == ("127.0.0.11", "10.1.0.1")
    lookup = lookup_from("street", names, known, "@m", ANSWERED)
    assert lookup.is_engines
    assert lookup.answers == (
        NameAnswer("desk", ("10.1.0.3", "10.1.0.4")),
        NameAnswer("nope", words="unknown name"),
        NameAnswer("slow", words="no answer"),
    )
    assert not lookup_from("street", names, known, "@m", "@m 10.0.0.1\n").is_engines
    assert lookup_from("street", names, known, "@m", "").server == ""
    assert lookup_from("street", ("x",) * 57, known, "@m", "").left_out == 17
