"""What `docker push` and `docker pull` print where nobody sees a terminal, read layer by layer."""

from __future__ import annotations

from helpers.model.registry.transfer import Fate
from helpers.model.registry.typed_transfer import typed_transfer

DIGEST = "sha256:" + "ab" * 32
PUSHED = f"""The push refers to repository [localhost:5004/bakery/bread]
c2d0db7e24f7: Preparing
c2d0db7e24f7: Layer already exists
a51194782fdd: Pushed
d6412ba368b6: Mounted from bakery/cake
2.0: digest: {DIGEST} size: 895
"""
PULLED = f"""1.0: Pulling from bakery/bread
d6412ba368b6: Pulling fs layer
c2d0db7e24f7: Already exists
d6412ba368b6: Pull complete
Digest: {DIGEST}
Status: Downloaded newer image for localhost:5004/bakery/bread:1.0
localhost:5004/bakery/bread:1.0
"""


def fates(command: str, printed: str) -> dict[str, Fate | None]:
    progress = typed_transfer(command, printed)
    assert progress is not None
    assert progress.digest in (DIGEST, "")
    return {name: step.fate for name, step in progress.layers.items()}


def test_a_push_says_of_each_layer_what_became_of_it() -> None:
    assert fates("docker push localhost:5004/bakery/bread:2.0", PUSHED) == {
        "c2d0db7e24f7": Fate.SKIPPED,
        "a51194782fdd": Fate.SENT,
        "d6412ba368b6": Fate.MOUNTED,
    }


def test_so_does_a_pull() -> None:
    assert fates("docker image pull localhost:5004/bakery/bread:1.0", PULLED) == {
        "d6412ba368b6": Fate.FETCHED,
        "c2d0db7e24f7": Fate.SKIPPED,
    }


def test_a_quiet_push_names_no_layer() -> None:
    assert fates("docker push -q localhost:5004/a:1", "localhost:5004/a:1\n") == {}


def test_other_commands_moved_nothing() -> None:
    assert typed_transfer("docker ps", "") is None
    assert typed_transfer("", "") is None
