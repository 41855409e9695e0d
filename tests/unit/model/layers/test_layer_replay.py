"""Layers laid over each other: every case of the specification, the expected tree by hand."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from helpers.errors import InvalidInput, UnreadableImage
from helpers.model.image.history import HistoryEntry
from helpers.model.layers.file_entry import FileEntry
from helpers.model.layers.image_layers import Change, ImageLayers, Waste
from helpers.model.layers.layer_files import LayerFiles
from helpers.model.layers.layer_replay import replay
from helpers.model.layers.layer_stack import LayerStack


def file(path: str, text: str = "", mode: int = 0o644, uid: int = 0) -> FileEntry:
    return FileEntry(path, "file", len(text), mode, uid, 0, "", text.encode())


def folder(path: str, mode: int = 0o755) -> FileEntry:
    return FileEntry(path, "directory", 0, mode)


def symlink(path: str, target: str) -> FileEntry:
    return FileEntry(path, "symlink", 0, 0o777, link_target=target)


def link(path: str, target: str) -> FileEntry:
    return FileEntry(path, "file", 0, 0o644, link_target=target)


def listing(
    *entries: FileEntry, whiteouts: Sequence[str] = (), opaque: Sequence[str] = ()
) -> LayerFiles:
    return LayerFiles(entries, frozenset(whiteouts), frozenset(opaque))


def image(*layers: LayerFiles) -> ImageLayers:
    """The image of these layers, its sums checked."""
    ids = [f"layer {place}" for place in range(len(layers))]
    history = [HistoryEntry(f"RUN step {place}") for place in range(len(layers))]
    made = replay(history, ids, dict(zip(ids, layers, strict=True)), "it")
    assert made.live_bytes == sum(entry.size_bytes for entry in made.files().values())
    return made


def tree(made: ImageLayers) -> list[str]:
    return sorted(made.files())


def test_a_later_layer_adds_to_what_is_there() -> None:
    made = image(listing(folder("a"), file("a/x", "one")), listing(file("a/y", "four")))
    assert tree(made) == ["a", "a/x", "a/y"]
    assert made.layers[1].changes == (Change("a/y", "added", 4, 0),)
    assert (made.all_bytes, made.wasted_bytes, made.efficiency) == (7, 0, 1.0)


def test_an_image_of_nothing_is_efficient() -> None:
    assert image().efficiency == 1.0
    assert image(listing()).efficiency == 1.0


def test_a_whiteout_removes_from_lower_layers_and_both_are_charged() -> None:
    made = image(listing(file("x", "four")), listing(), listing(whiteouts=["x"]))
    assert tree(made) == []
    assert made.wasted() == (Waste("x", 4, 0, 2, "removed"),)
    assert made.layers[2].changes == (Change("x", "removed", 0, 4),)


def test_a_whiteout_leaves_the_file_of_its_own_layer() -> None:
    made = image(listing(file("x", "old")), listing(file("x", "newer"), whiteouts=["x"]))
    assert made.files()["x"] == file("x", "newer")
    assert made.wasted() == (Waste("x", 3, 0, 1, "modified"),)


def test_a_whiteout_of_nothing_makes_its_directory_as_engines_do() -> None:
    made = image(listing(file("x", "a"), folder("d")), listing(whiteouts=["y", "d/z", "e/f"]))
    assert tree(made) == ["d", "e", "x"]
    assert made.layers[1].changes == (Change("e", "added"),)


def test_a_whiteout_of_a_directory_removes_all_in_it_and_its_neighbours_stay() -> None:
    lower = listing(
        folder("d"), file("d/x", "12"), folder("d/e"), file("d/e/y", "345"), file("d-x", "6"),
        file("d.x", "7"), file("d0", "8"), folder("dd"), file("dd/x", "9"),
    )  # fmt: skip
    made = image(lower, listing(whiteouts=["d"]))
    assert tree(made) == ["d-x", "d.x", "d0", "dd", "dd/x"]
    assert made.wasted() == (
        Waste("d/e/y", 3, 0, 1, "removed"),
        Waste("d/x", 2, 0, 1, "removed"),
    )
    assert {change.path for change in made.layers[1].changes} == {"d", "d/x", "d/e", "d/e/y"}


def test_a_removed_directory_made_anew_has_only_what_is_new() -> None:
    made = image(
        listing(folder("d"), file("d/x", "1"), file("d/y", "22")),
        listing(file("d/y", "22"), whiteouts=["d"]),
    )
    assert tree(made) == ["d", "d/y"]
    assert made.wasted() == (
        Waste("d/y", 2, 0, 1, "identical"),
        Waste("d/x", 1, 0, 1, "removed"),
    )


def test_an_opaque_directory_hides_what_was_below_it_and_keeps_what_it_brings() -> None:
    made = image(
        listing(folder("d"), file("d/x", "12"), folder("d/e"), file("d/e/y", "3"), file("k", "4")),
        listing(folder("d"), file("d/z", "5"), opaque=["d"]),
    )
    assert tree(made) == ["d", "d/z", "k"]
    assert made.wasted_bytes == 3


def test_an_opaque_root_hides_everything() -> None:
    made = image(listing(folder("d"), file("d/x", "12")), listing(file("y", "1"), opaque=[""]))
    assert tree(made) == ["y"]
    assert made.wasted_bytes == 2


def test_a_file_in_the_place_of_a_directory_drops_what_was_in_it() -> None:
    made = image(listing(folder("d"), file("d/x", "12")), listing(file("d", "345")))
    assert made.files() == {"d": file("d", "345")}
    assert Change("d", "modified", 3, 0) in made.layers[1].changes
    assert Change("d/x", "removed", 0, 2) in made.layers[1].changes


def test_a_directory_in_the_place_of_a_file_replaces_it() -> None:
    made = image(listing(file("d", "345")), listing(folder("d"), file("d/x", "12")))
    assert tree(made) == ["d", "d/x"]
    assert made.wasted() == (Waste("d", 3, 0, 1, "modified"),)


def test_a_file_below_what_was_a_file_or_a_symlink_makes_that_a_directory() -> None:
    made = image(listing(file("f", "1"), symlink("s", "f")), listing(file("f/x"), file("s/x")))
    assert [made.files()[path].kind for path in ("f", "f/x", "s", "s/x")] == [
        "directory", "file", "directory", "file",
    ]  # fmt: skip


def test_a_symlink_over_a_directory_drops_what_was_in_it() -> None:
    made = image(listing(folder("d"), file("d/x", "12")), listing(symlink("d", "e")))
    assert made.files() == {"d": symlink("d", "e")}


def test_a_symlink_with_a_new_target_is_a_change() -> None:
    made = image(listing(symlink("s", "a")), listing(symlink("s", "b")))
    assert made.files()["s"].link_target == "b"
    assert made.layers[1].changes == (Change("s", "modified"),)


def test_the_same_content_again_is_identical_and_costs_it_all() -> None:
    made = image(listing(file("x", "four")), listing(file("x", "four")))
    assert made.wasted() == (Waste("x", 4, 0, 1, "identical"),)
    assert made.layers[1].changes == (Change("x", "identical", 4, 4),)
    assert made.efficiency == 0.5


@pytest.mark.parametrize(
    "changed",
    [
        file("x", "four", 0o600),
        file("x", "four", uid=1000),
        file("x", "four")._replace(gid=1000),
    ],
)
def test_only_other_rights_cost_the_whole_file_again(changed: FileEntry) -> None:
    made = image(listing(file("x", "four")), listing(changed))
    assert made.files()["x"] == changed
    assert made.wasted() == (Waste("x", 4, 0, 1, "metadata"),)
    assert made.layers[1].size_bytes == 4


def test_other_content_of_the_same_size_is_modified() -> None:
    made = image(listing(file("x", "four")), listing(file("x", "five")))
    assert made.wasted() == (Waste("x", 4, 0, 1, "modified"),)


def test_a_file_rewritten_twice_is_wasted_twice_and_not_three_times() -> None:
    made = image(*(listing(file("x", text)) for text in ("a", "bb", "ccc")))
    assert made.wasted() == (Waste("x", 2, 1, 2, "modified"), Waste("x", 1, 0, 1, "modified"))
    assert made.live_bytes == 3


def test_contents_that_nobody_looked_at_are_unsettled_and_count_as_modified() -> None:
    plain = FileEntry("x", "file", 4)
    made = image(listing(plain), listing(file("x", "four")))
    assert made.wasted()[0].kind == "modified"
    assert made.unsettled == {"layer 0": {"x"}, "layer 1": {"x"}}
    assert not image(listing(plain), listing(FileEntry("x", "file", 5))).unsettled
    assert not image(listing(file("x")), listing(file("x"))).unsettled


def test_a_directory_listed_again_is_no_change_and_one_with_other_rights_is() -> None:
    made = image(listing(folder("d"), file("d/x", "1")), listing(folder("d"), folder("e")))
    assert made.layers[1].changes == (Change("e", "added"),)
    made = image(listing(folder("d"), file("d/x", "1")), listing(folder("d", 0o700)))
    assert made.layers[1].changes == (Change("d", "metadata"),)
    assert made.files()["d"].mode == 0o700
    assert "d/x" in made.files()


def test_parents_that_no_layer_lists_are_there() -> None:
    made = image(listing(file("a/b/c", "1")), listing(file("a/d/e", "2")))
    assert tree(made) == ["a", "a/b", "a/b/c", "a/d", "a/d/e"]
    assert made.files()["a/b"] == FileEntry("a/b", "directory", 0, 0o755)


def test_a_parent_of_a_lower_layer_keeps_its_rights() -> None:
    made = image(listing(folder("a", 0o700)), listing(file("a/b", "1")))
    assert made.files()["a"].mode == 0o700


def test_device_numbers_tell_devices_apart() -> None:
    def device(numbers: bytes) -> FileEntry:
        return FileEntry("d", "device", fingerprint=numbers)

    assert image(listing(device(b"c1:3")), listing(device(b"c1:5"))).layers[1].changes == (
        Change("d", "modified"),
    )
    assert image(listing(device(b"c1:3")), listing(device(b"c1:3"))).layers[1].changes == (
        Change("d", "identical"),
    )


def test_a_hard_link_counts_once() -> None:
    made = image(listing(file("a", "four"), link("b", "a")))
    assert made.all_bytes == 4
    assert made.files()["b"].is_hard_link


def test_content_lives_on_under_the_name_that_is_left() -> None:
    made = image(
        listing(file("a", "four"), link("b", "a"), link("c", "b")), listing(whiteouts=["a"])
    )
    assert made.files() == {"b": file("b", "four"), "c": link("c", "b")}
    assert made.wasted_bytes == 0
    assert made.layers[1].changes == (Change("a", "removed", 0, 4),)


def test_content_is_wasted_by_the_layer_that_hides_its_last_name() -> None:
    made = image(
        listing(file("a", "four"), link("b", "a")),
        listing(whiteouts=["a"]),
        listing(file("b", "x")),
    )
    assert made.wasted() == (Waste("b", 4, 0, 2, "modified"),)


def test_all_names_removed_at_once_waste_the_content_once() -> None:
    made = image(
        listing(folder("d"), file("d/a", "four"), link("d/b", "d/a")), listing(whiteouts=["d"])
    )
    assert made.wasted() == (Waste("d/a", 4, 0, 1, "removed"),)


def test_names_copied_up_together_are_the_same_again() -> None:
    lower = listing(file("a", "four"), link("b", "a"))
    made = image(lower, lower)
    assert made.wasted() == (Waste("a", 4, 0, 1, "identical"),)
    assert made.files() == {"a": file("a", "four"), "b": link("b", "a")}
    assert {change.kind for change in made.layers[1].changes} == {"identical"}


def test_a_hard_link_to_a_file_of_a_lower_layer_brings_no_bytes() -> None:
    made = image(listing(file("a", "four")), listing(link("b", "a")))
    assert made.files()["b"] == link("b", "a")
    assert made.layers[1].size_bytes == 0
    made = image(listing(file("a", "four")), listing(link("b", "a"), whiteouts=["a"]))
    assert made.files() == {"b": file("b", "four")}
    assert made.wasted_bytes == 0
    made = image(listing(file("a", "four")), listing(link("b", "a")), listing(whiteouts=["a", "b"]))
    assert made.wasted() == (Waste("a", 4, 0, 2, "removed"),)


def test_a_name_that_inherited_is_no_name_of_what_comes_to_the_old_path() -> None:
    made = image(
        listing(file("a", "four")),
        listing(link("b", "a"), whiteouts=["a"]),
        listing(file("a", "x")),
        listing(whiteouts=["a"]),
    )
    assert made.wasted() == (Waste("a", 1, 2, 3, "removed"),)
    assert made.files() == {"b": file("b", "four")}


def test_a_hard_link_to_a_further_name_is_a_name_of_its_body() -> None:
    made = image(
        listing(file("a", "four"), link("b", "a")),
        listing(link("c", "b")),
        listing(whiteouts=["a", "b"]),
    )
    assert made.files() == {"c": file("c", "four")}
    assert made.wasted_bytes == 0


def test_a_name_of_a_lower_layer_outlives_its_replaced_body() -> None:
    made = image(
        listing(file("a", "four"), link("b", "a")), listing(file("a", "newer"), link("c", "a"))
    )
    assert made.files() == {"a": file("a", "newer"), "b": file("b", "four"), "c": link("c", "a")}
    assert made.wasted_bytes == 0


@pytest.mark.parametrize(
    "entries", [[link("b", "nowhere")], [link("b", "b")], [link("b", "c"), link("c", "b")]]
)
def test_a_hard_link_to_nothing_is_a_file_of_no_bytes(entries: list[FileEntry]) -> None:
    made = image(listing(*entries))
    assert tree(made) == sorted(entry.path for entry in entries)
    assert made.all_bytes == 0


def test_the_last_of_two_entries_of_one_path_counts() -> None:
    made = image(listing(file("x", "first"), file("x", "2nd")))
    assert made.files()["x"] == file("x", "2nd")
    assert (made.all_bytes, made.wasted_bytes) == (3, 0)


def test_empty_steps_keep_their_place_and_one_layer_can_stand_twice() -> None:
    steps = ["FROM", "ENV A=b", "RUN again", "CMD sh", "RUN again"]
    history = [HistoryEntry(step, is_empty=step[:3] in ("ENV", "CMD")) for step in steps]
    files = {"a": listing(file("x", "four")), "b": listing(file("y", "12"))}
    made = replay(history, ["a", "b", "a"], files)
    assert [layer.diff_id for layer in made.layers] == ["a", "", "b", "", "a"]
    assert [layer.is_empty for layer in made.layers] == [False, True, False, True, False]
    assert [layer.index for layer in made.layers] == [0, 1, 2, 3, 4]
    assert made.wasted() == (Waste("x", 4, 0, 4, "identical"),)


def test_layers_that_the_history_does_not_name_are_there() -> None:
    made = replay([], ["a", "b"], {"a": listing(file("x", "1")), "b": listing(file("y", "1"))})
    assert tree(made) == ["x", "y"]
    assert [layer.instruction for layer in made.layers] == ["", ""]


def test_a_layer_without_its_files_is_refused() -> None:
    with pytest.raises(InvalidInput, match="layer b"):
        replay([], ["a", "b"], {"a": listing()})


def test_images_share_what_both_stand_on() -> None:
    files = {name: listing(file(name, name * 4)) for name in "abc"}
    one, other = (replay([], ids, files) for ids in (["a", "b", "c"], ["a", "c", "b"]))
    assert one.shared_with(other) == (("a",), 4)
    assert one.shared_with(one) == (("a", "b", "c"), 12)
    assert one.shared_with(replay([], ["b"], files)) == ((), 0)


def test_what_was_odd_in_a_layer_is_told_with_its_place() -> None:
    made = image(listing(), LayerFiles((file("f", "1"), file("f/x")), flagged=("Odd.",)))
    assert made.flagged == ("Layer 1: Odd.", "Layer 1: f has files in it, and is none.")


def naive(layers: Sequence[LayerFiles]) -> dict[str, FileEntry]:
    """The tree by the letter of the specification: each layer's removals, then its files.

    Engines make the directories of marks, too: `docker export` shows them.
    """
    found: dict[str, FileEntry] = {}
    for one in layers:
        for gone in one.whiteouts:
            found = {p: e for p, e in found.items() if p != gone and not p.startswith(gone + "/")}
        for gone in one.opaque:
            found = {p: e for p, e in found.items() if not p.startswith(gone + "/")}
        for entry in one.entries:
            if entry.kind != "directory":
                found = {p: e for p, e in found.items() if not p.startswith(entry.path + "/")}
            make_parents(found, entry.path)
            found[entry.path] = entry
        entries = {entry.path: entry for entry in one.entries}
        for mark in [*one.whiteouts, *(f"{path}/mark" for path in one.opaque)]:
            parts = mark.split("/")[:-1]
            above = ["/".join(parts[: end + 1]) for end in range(len(parts))]
            if not any(
                path in one.whiteouts or entries.get(path, folder(path)).kind != "directory"
                for path in above
            ):
                make_parents(found, mark)
    return found


def make_parents(found: dict[str, FileEntry], path: str) -> None:
    parts = path.split("/")
    for end in range(1, len(parts)):
        parent = "/".join(parts[:end])
        if parent not in found or found[parent].kind != "directory":
            found[parent] = folder(parent)


def random_layer(dice: random.Random) -> LayerFiles:
    """A layer that has no file where it has a directory."""
    entries: dict[str, FileEntry] = {}
    for _ in range(dice.randrange(12)):
        path = "/".join(dice.choice("abc") for _ in range(dice.randint(1, 4)))
        parents = [path[:at] for at, letter in enumerate(path) if letter == "/"]
        taken = any(p in entries and entries[p].kind != "directory" for p in parents)
        if taken or any(other.startswith(path + "/") for other in entries):
            continue
        text = dice.choice(["", "x", "yy", "zz", "long text"])
        made = dice.choice([file(path, text), folder(path), symlink(path, text or "s")])
        entries.setdefault(path, made)
    paths = ["/".join(dice.choice("abc") for _ in range(dice.randint(1, 3))) for _ in range(4)]
    opaque = [path for path in paths[2:] if entries.get(path, folder("")).kind == "directory"]
    return listing(*entries.values(), whiteouts=paths[: dice.randrange(3)], opaque=opaque)


@pytest.mark.parametrize("seed", range(300))
def test_random_layers_make_the_tree_that_the_letter_of_the_specification_makes(seed: int) -> None:
    dice = random.Random(seed)
    layers = [random_layer(dice) for _ in range(dice.randint(1, 6))]
    made = image(*layers)
    assert made.files() == naive(layers)
    assert made.all_bytes == sum(one.size_bytes for one in layers)
    assert made.live_bytes + made.wasted_bytes == made.all_bytes


def test_a_layer_that_is_named_without_end_is_laid_a_bounded_number_of_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("helpers.model.layers.layer_replay._MOST_REPEATED", 1_000)
    many = listing(*(file(f"f{place}") for place in range(500)))
    laid = list[str]()
    monkeypatch.setattr(LayerStack, "lay", lambda self, index, one, files: laid.append(one))
    with pytest.raises(UnreadableImage, match="again and again"):
        replay([], ["one"] * 5, {"one": many})
    with pytest.raises(UnreadableImage, match="again and again"):
        replay([], ["none"] * 1_001, {"none": listing()})
    assert laid == []


def test_layers_that_take_directories_away_without_end_are_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("helpers.model.layers.layer_stack.MOST_LOOKED_THROUGH", 10_000)
    base, again = listing(*(file(f"f{place}") for place in range(1_000))), listing(opaque=["d"])
    assert len(image(base, *[again] * 5).files()) == 1_000 + 1  # d itself
    with pytest.raises(UnreadableImage, match="again and again"):
        image(base, *[again] * 20)


def test_a_directory_that_is_not_listed_keeps_its_rights_or_loses_them() -> None:
    """As `docker export` has it of an engine with containerd's store, and of one with overlay2."""
    layers = {
        "base": listing(
            FileEntry("d", "directory", 0, 0o1770, 7), FileEntry("d/e", "directory", 0, 0o700),
            file("d/e/x", "1"), FileEntry("e", "directory", 0, 0o700),
        ),
        "top": listing(file("d/e/y", "2"), whiteouts=["e/gone"], opaque=["o/p"]),
    }  # fmt: skip
    kept = replay([], ["base", "top"], layers).files()
    reset = replay([], ["base", "top"], layers, resets_unlisted=True).files()
    assert kept.keys() == reset.keys() == {"d", "d/e", "d/e/x", "d/e/y", "e", "o", "o/p"}
    assert (kept["d"].mode, kept["d"].uid, kept["d/e"].mode) == (0o1770, 7, 0o700)
    assert kept["e"].mode == 0o700
    for path in ("d", "d/e", "e", "o", "o/p"):
        assert reset[path] == FileEntry(path, "directory", 0, 0o755)
    assert kept["o/p"] == reset["o/p"]


def test_a_directory_is_not_made_for_a_mark_in_what_goes() -> None:
    base = listing(FileEntry("d", "directory"), file("d/x", "1"))
    for resets_unlisted in (False, True):
        layers = {"base": base, "top": listing(whiteouts=["d", "d/x"])}
        made = replay([], ["base", "top"], layers, resets_unlisted=resets_unlisted)
        assert made.files() == {}
