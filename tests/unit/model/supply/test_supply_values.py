"""Progress of pulls and of stand-ins, from recorded lines."""

from __future__ import annotations

import json

from helpers.model.registry.transfer import Fate, TransferProgress
from helpers.model.supply.bootstrap import BootstrapProgress
from helpers.model.supply.supply import LayerTotals, Source, SupplyProgress

# What Engine 20.10 said during a pull of two new layers and one that it had.
PULL = """
{"status":"Pulling from library/app","id":"1"}
{"status":"Pulling fs layer","progressDetail":{},"id":"aaa"}
{"status":"Already exists","progressDetail":{},"id":"ccc"}
{"status":"Downloading","progressDetail":{"current":40,"total":100},"progress":"[=>]","id":"aaa"}
{"status":"Downloading","progressDetail":{"current":10,"total":50},"progress":"[=>]","id":"bbb"}
{"status":"Verifying Checksum","progressDetail":{},"id":"bbb"}
{"status":"Download complete","progressDetail":{},"id":"bbb"}
{"status":"Downloading","progressDetail":{"current":100,"total":100},"progress":"[=>]","id":"aaa"}
{"status":"Extracting","progressDetail":{"current":7,"total":100},"progress":"[=>]","id":"aaa"}
{"status":"Pull complete","progressDetail":{},"id":"aaa"}
{"status":"Digest: sha256:00"}
"""


def test_the_bytes_of_all_layers_are_summed() -> None:
    totals, seen = LayerTotals(), []
    for line in PULL.strip().splitlines():
        totals = totals.after(json.loads(line))
        seen.append((totals.done_bytes, totals.total_bytes))
    assert seen == [
        *[(0, None)] * 3,
        (40, 100),
        (50, 150),
        (50, 150),
        (90, 150),
        *[(150, 150)] * 4,
    ]
    assert totals.stage == "unpacking"


def test_a_layer_that_was_there_was_not_fetched_whatever_the_engine_says_of_it_later() -> None:
    progress, layer = TransferProgress("pull", "app:1"), "a51194782fdd"
    # What Engine 28 with containerd's store says of a layer that it had.
    for status in ("Pulling fs layer", "Already exists", "Pull complete"):
        progress = progress.after({"status": status, "progressDetail": {}, "id": layer})
    assert progress.layers[layer].fate is Fate.SKIPPED


def test_a_size_that_the_registry_did_not_tell_does_no_harm() -> None:
    strange = {"status": "Downloading", "progressDetail": {"current": 5, "total": -1}, "id": "a"}
    totals = LayerTotals().after(strange)
    assert (totals.done_bytes, totals.total_bytes) == (5, None)


def test_the_fraction_goes_by_bytes_where_they_are_known() -> None:
    assert SupplyProgress("a", Source.HUB, "downloading", 25, 100).fraction == 0.25
    assert SupplyProgress("a", Source.HUB, "downloading", 200, 100).fraction == 1.0
    assert SupplyProgress("a", Source.STAND_IN, "packing", share=0.9).fraction == 0.9
    assert SupplyProgress("a", Source.HUB, "asking").fraction is None


# The kinds of lines that mmdebstrap --verbose writes, in their order, with two packages each time.
BOOTSTRAP = """
I: automatically chosen format: null
I: running apt-get update...
Get:1 http://deb.debian.org/debian trixie InRelease [140 kB]
I: downloading packages with apt...
0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.
Get:1 http://deb.debian.org/debian trixie/main amd64 libc6 amd64 2.41-12 [2850 kB]
Get:2 http://deb.debian.org/debian trixie/main amd64 dash amd64 0.5.12-12 [98 kB]
I: extracting archives...
I: installing essential packages...
Selecting previously unselected package dash.
Unpacking dash (0.5.12-12) ...
Setting up dash (0.5.12-12) ...
Unpacking libc6:amd64 (2.41-12) ...
Setting up libc6:amd64 (2.41-12) ...
I: installing remaining packages inside the chroot...
0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.
Get:1 http://deb.debian.org/debian trixie/main amd64 apt amd64 3.0.4 [1453 kB]
Get:2 http://deb.debian.org/debian trixie/main amd64 python3 amd64 3.13.5-1 [28 kB]
Unpacking apt (3.0.4) ...
Unpacking python3 (3.13.5-1) ...
Setting up apt (3.0.4) ...
Setting up python3 (3.13.5-1) ...
I: running --customize-hook in shell: sh -c '…' exec /tmp/x
I: success in 14.4 seconds
"""


def test_a_stand_ins_progress_grows_and_says_what_it_does() -> None:
    progress, seen = BootstrapProgress(), []
    for line in BOOTSTRAP.strip().splitlines():
        progress = progress.after(line)
        seen.append(progress)
    shares = [step.share for step in seen]
    assert shares == sorted(shares)
    assert len(set(shares)) >= 15
    assert 0.85 <= shares[-1] < 1
    stages = [step.stage for step in seen]
    assert {"fetching libc6", "setting up dash", "unpacking python3"} <= {
        step.detail for step in seen
    }
    assert ("installing packages", "unpacking python3") in {
        (step.stage, step.detail) for step in seen
    }
    assert stages[1] == stages[2] == "reading Debian's package lists"
    assert stages[-1] == "finishing the image"
    assert seen[-1].detail == ""
    assert len(set(stages)) <= 7, "a line for each stage, not for each package"


def test_lines_out_of_order_break_nothing() -> None:
    progress = BootstrapProgress()
    for line in ("Unpacking x (1) ...", "", "E: no", "0 upgraded, 0 newly installed, 0", "I: what"):
        progress = progress.after(line)
    assert progress.share == 0


def test_what_is_compiled_takes_most_of_the_bar() -> None:
    progress, shares = BootstrapProgress.of(compiles=True), list[float]()
    lines = [*BOOTSTRAP.strip().splitlines(), "workbook: writing generated code"]
    for line in (*lines, *(f"workbook: compiled {done} of 4 k8s.io/x/v1" for done in range(1, 5))):
        progress = progress.after(line)
        shares.append(progress.share)
    assert shares == sorted(shares)
    assert shares[len(lines) - 1] < 0.15
    assert progress.stage == "compiling"
    assert progress.detail == "4 of 4 packages: v1"
    assert 0.95 < progress.share < 1
    assert BootstrapProgress.of(compiles=False) == BootstrapProgress()
    assert progress.within(0.0, 0.5).share == progress.share / 2
