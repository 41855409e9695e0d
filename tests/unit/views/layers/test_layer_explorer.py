"""The layer explorer, given images made by hand instead of an engine."""

from __future__ import annotations

import gzip
import json
import threading
import time
from typing import Any

import pytest

from helpers.errors import NoSuchImage
from helpers.model.layers.compared_layers import compare_layers
from helpers.model.layers.file_entry import FileEntry
from helpers.model.layers.image_layers import Change, ImageLayers, Layer, Waste
from helpers.model.layers.layer_progress import LayerProgress
from helpers.model.layers.waste_ledger import waste_ledger, wasted_by_layer
from helpers.views.kit import live
from helpers.views.kit.printable import shown
from helpers.views.kit.widget_host import WIDGET_MIME
from helpers.views.layers import layer_explorer
from helpers.views.layers.explorer_reading import ExplorerReading
from helpers.views.layers.explorer_tree import packed_tree
from helpers.views.layers.explorer_words import KINDS, mend, shown_path
from helpers.views.layers.layer_explorer import LayerExplorer, OtherImage
from tests.unit.explorer_images import EVIL, big_image, files_of, small_image

IMAGE = small_image()


def view(**more: Any) -> LayerExplorer:
    return LayerExplorer("demo", IMAGE.layers, lambda tell: IMAGE, **more)


@pytest.fixture
def as_in_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "is_live", lambda: True)
    monkeypatch.setattr(layer_explorer, "is_live", lambda: True)


def unpacked(data: bytes) -> dict[str, Any]:
    """The packed tree with paths instead of numbers."""
    raw = json.loads(gzip.decompress(data))
    paths = [""]
    for name, parent in zip(raw["names"][1:], raw["parents"][1:], strict=True):
        assert parent < len(paths), "a folder comes before what is in it"
        paths.append(f"{paths[parent]}/{name}")

    def named(columns: dict[str, Any]) -> list[tuple[Any, ...]]:
        number, found = 0, []
        for step in columns["node"]:
            number += step
            found.append(paths[number])
        lists = [column for key, column in columns.items() if isinstance(column, list)]
        return list(zip(found, *lists[1:], strict=True))

    final = {**raw["final"]}
    return {
        "layers": [named(columns) for columns in raw["layers"]],
        "waste": [named(columns) for columns in raw["waste"]],
        "final": named(final),
        "size": {paths[int(n)]: size for n, size in final["size"].items()},
        "link": {paths[int(n)]: target for n, target in final["link"].items()},
    }


def test_the_ledger_groups_by_who_brought_and_who_hid() -> None:
    wasted = (
        Waste("a", 10, 0, 2, "removed"),
        Waste("b", 30, 0, 2, "removed"),
        Waste("c", 35, 0, 3, "modified"),
        Waste("empty", 0, 1, 2, "removed"),
    )
    groups = waste_ledger(wasted)
    assert [(g.added_by, g.killed_by, g.kind, g.size_bytes) for g in groups] == [
        (0, 2, "removed", 40),
        (0, 3, "modified", 35),
    ]
    assert groups[0].largest.path == "b"
    assert wasted_by_layer(wasted) == {0: 75, 1: 0}


def test_shared_layers_stand_side_by_side_once() -> None:
    one, two, three = (Layer(n, f"RUN {n}", "", f"sha256:{n}", 10**n) for n in range(3))
    empty = Layer(3, "ENV A=b", is_empty=True)
    compared = compare_layers([one, empty, two], [one, three])
    assert compared.rows == ((one, one), (two, None), (None, three))
    assert (compared.shared_bytes, compared.own_bytes) == (1, (10, 100))
    assert compare_layers([one, two], [two]).shared == (), "another base makes it another layer"
    assert compare_layers([], []).rows == ()


def test_the_packed_tree_holds_every_path_change_and_waste() -> None:
    found = unpacked(packed_tree(IMAGE, waste_ledger(IMAGE.waste)))
    kinds = {kind: place for place, (kind, _, _) in enumerate(KINDS)}
    assert found["layers"] == [
        [
            (
                f"/{c.path}",
                kinds[c.kind],
                c.size_bytes,
                c.previous_bytes if c.kind != "added" else 0,
            )
            for c in layer.changes
        ]
        for layer in IMAGE.layers
    ]
    by_path = {row[0]: row for row in found["final"]}
    assert by_path.keys() == {f"/{path}" for path in IMAGE.tree}
    assert by_path["/data/table.csv"][1:] == (0, 0o600, "0:0", 4, kinds["metadata"])
    assert by_path[f"/app/{EVIL}"][1:] == (0, 0o4755, "7:8", 4, kinds["added"])
    assert found["size"] == {"/link": 0}, "no layer told of it, so its size must be said"
    assert found["link"] == {"/link": EVIL}
    assert found["waste"] == [[("/big", 10_000_000)], [("/data/table.csv", 5_000_000)]]


def test_20000_files_are_small_and_quick() -> None:
    image = big_image(20_000)
    begun = time.monotonic()
    data = packed_tree(image, waste_ledger(image.waste))
    print(f"20,000 files: {len(data)} bytes, {time.monotonic() - begun:.2f} s")
    assert len(data) < 150_000
    assert len(unpacked(data)["final"]) == 20_000


def test_a_path_of_a_thousand_folders_is_no_trouble() -> None:
    deep = "/".join(["d"] * 2_000)
    image = small_image()
    object.__setattr__(image, "tree", files_of(*image.tree.values()) | {deep: image.tree["bin/sh"]})
    found = unpacked(packed_tree(image, ()))
    assert f"/{deep}" in {row[0] for row in found["final"]}


def test_names_are_made_fit_to_be_shown() -> None:
    assert shown("plain näme") == "plain näme"
    assert shown(b"caf\xe9".decode("utf-8", "surrogateescape")) == "caf\\xe9"
    assert shown("a\nb\x1b[31m\u202e") == "a\\nb\\x1b[31m\\u202e"
    assert shown(EVIL) == EVIL, "HTML is text like any other"
    assert len(shown_path("x" * 4_000)) < 110
    shown(b"\xff\xfe".decode("utf-8", "surrogateescape")).encode()


def test_the_advice_goes_by_kind_and_instruction() -> None:
    assert "`&&`" in mend("removed", "RUN make")
    assert ".dockerignore" in mend("removed", "COPY . /app")
    assert "--chmod" in mend("metadata", "ADD a /a")
    assert all(mend(kind, "RUN x") for kind, _, _ in KINDS if kind != "added")


def test_the_text_tells_layers_waste_and_what_is_shared() -> None:
    text = view(other=OtherImage("other", IMAGE.layers[:2])).text()
    assert "demo: 26 MB in 4 layers, and 1 step that changed no file" in text
    assert "#2    10 MB     10 MB         RUN make-big /big" in text
    assert "#4    no layer  –             ENV A=b" in text
    assert "/big" in text
    assert "all of it        15 MB" in text
    assert "share 2 layers, 16 MB in all" in text
    assert text == repr(view(other=OtherImage("other", IMAGE.layers[:2])))


def test_an_image_without_waste_says_so() -> None:
    layers = IMAGE.layers[:1]
    clean = type(IMAGE)("clean", layers, {}, ())
    text = LayerExplorer("clean", layers, lambda tell: clean).text()
    assert "none of it is hidden" in text
    assert "wasted" not in text


def test_the_picture_of_two_images_shows_what_each_layer_is_in() -> None:
    both = (*IMAGE.layers[:2], Layer(2, "COPY theirs", "", "sha256:t", 4_000_000))
    alone = view(other=OtherImage("other", IMAGE.layers[:2])).picture()
    three = view(other=OtherImage("$o$", both)).picture()
    assert len({alone, three, view().picture()}) == 3
    assert view(other=OtherImage("n" * 4_000 + "\udcff", ())).picture().startswith(b"\x89PNG")


def test_names_from_outside_are_text_in_the_caption() -> None:
    caption = LayerExplorer(EVIL, IMAGE.layers, lambda tell: IMAGE).caption()
    assert "<img" not in caption
    assert "&lt;img" in caption
    assert "<b>" not in caption


@pytest.mark.parametrize(
    "name", ["n" * 4_000, "d/" * 2_000 + "f", "caf\udce9", EVIL, "a\n\x1b[31m"]
)
def test_no_name_breaks_a_form_in_which_it_is_told(name: str) -> None:
    layers = (
        Layer(0, "RUN one", "", "sha256:a", 5, False, (Change(name, "added", 5),)),
        Layer(1, "RUN two", "", "sha256:b", 5, False, (Change(name, "modified", 5, 5),)),
    )
    tree = files_of(FileEntry(name, "file", 5), FileEntry("link", "symlink", link_target=name))
    image = ImageLayers("odd", layers, tree, (Waste(name, 5, 0, 1, "modified"),), (name[:80],))
    odd = LayerExplorer("odd", layers, lambda tell: image)
    text, caption = odd.text(), odd.caption()
    assert json.loads(json.dumps(odd.content()))["state"] == "done"
    for form in (text, caption, json.dumps(odd.content(), ensure_ascii=False)):
        form.encode("utf-8")
        assert "\x1b" not in form
        assert len(form) < 20_000
    assert "<img" not in caption
    assert odd.picture().startswith(b"\x89PNG")
    assert unpacked(packed_tree(image, waste_ledger(image.waste)))["waste"][0][0][1] == 5


def test_the_picture_is_a_png_of_any_text() -> None:
    assert view().picture().startswith(b"\x89PNG")
    odd = (Layer(0, "RUN echo $x^2$ \\frac \udcff", "", "sha256:1", 5), *IMAGE.layers)
    image = type(IMAGE)("$x$", odd, IMAGE.tree, IMAGE.waste)
    assert LayerExplorer("$x$", odd, lambda tell: image).picture().startswith(b"\x89PNG")
    nothing = type(IMAGE)("scratch", (), {}, ())
    assert LayerExplorer("scratch", (), lambda tell: nothing).picture().startswith(b"\x89PNG")


def test_the_content_is_json_with_all_that_is_shown() -> None:
    found = view(other=OtherImage(EVIL, IMAGE.layers[:2]))
    found.wait()
    content = json.loads(json.dumps(found.content()))
    assert content["state"] == "done"
    assert [row["hidden"] for row in content["layers"]] == [5_000_000, 10_000_000, 0, 0, 0]
    first = content["groups"][0]
    assert (first["added"], first["killed"], first["kind"]) == (1, 2, "removed")
    assert first["added_line"] == "RUN make-big /big"
    assert content["shared"]["names"] == ["demo", EVIL]
    assert [row["in"] for row in content["shared"]["rows"]].count([True, True]) == 2


def test_layers_are_there_before_a_file_is_read(as_in_a_notebook: None) -> None:
    go = threading.Event()

    def slowly(tell: Any) -> Any:
        tell(LayerProgress("sha256:aa", 0, 3, 6))
        go.wait(20)
        return IMAGE

    found = LayerExplorer("demo", IMAGE.layers, slowly)
    bundle = found._repr_mimebundle_()
    assert "RUN make-big /big" in bundle["text/plain"]
    widget = found._host.made()
    assert (widget.content["state"], widget.data) == ("reading", b"")
    go.set()
    assert found.wait(20)
    wait_until(lambda: widget.data != b"")
    assert widget.content["state"] == "done"
    assert len(unpacked(widget.data)["final"]) == len(IMAGE.tree)
    found.close()


def test_what_was_read_before_is_sent_when_it_is_shown(as_in_a_notebook: None) -> None:
    found = view()
    found.wait()
    assert found.data() == b"", "nothing is packed before a page wants it"
    bundle = found._repr_mimebundle_()
    assert bundle.keys() == {"text/html", "text/plain", WIDGET_MIME}
    wait_until(lambda: found._host.made().data != b"")
    found.close()


def test_static_and_live_forms_agree_in_what_nbval_compares(
    as_in_a_notebook: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown_live = view()._repr_mimebundle_()
    monkeypatch.setattr(live, "is_live", lambda: False)
    monkeypatch.setattr(layer_explorer, "is_live", lambda: False)
    assert view()._repr_mimebundle_() == {
        key: shown_live[key] for key in ("text/html", "text/plain")
    }


def test_a_problem_is_told_and_can_be_tried_again() -> None:
    tries: list[int] = []

    def read(tell: Any) -> Any:
        tries.append(1)
        if len(tries) < 3:
            raise NoSuchImage("It is gone.", "Build it.") if len(tries) == 1 else KeyError("x")
        return IMAGE

    found = LayerExplorer("demo", IMAGE.layers, read)
    assert "could not be read. It is gone. Build it." in found.text()
    assert found.content()["state"] == "failed"
    found.heard({"kind": "again"})
    found.wait()
    assert "a fault of the workbook" in found.content()["line"]
    found.heard({"kind": "again"})
    found.wait()
    assert found.content()["state"] == "done"
    found.heard({"kind": "again"})
    assert len(tries) == 3, "what is read is not read again"


def test_progress_is_told_some_times_a_second_and_at_the_end() -> None:
    told: list[int] = []

    def read(tell: Any) -> Any:
        for done in range(1_000):
            tell(LayerProgress("", -1, done, 1_000))
        return IMAGE

    reading = ExplorerReading(read, lambda: told.append(1))
    assert reading.wait(20)
    assert 2 <= len(told) < 20
    assert reading.image is IMAGE


def wait_until(condition: Any, seconds: float = 20) -> None:
    """Returns when the condition holds; fails after so many seconds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.01)
