"""Trees of Debian's own packages, of its own mirror: their programs run here as they are."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

import pytest

from helpers.engine.debian.tree_cache import kept_tree, unpacked_tree
from helpers.engine.debian.unpacked_tree import UnpackedTree
from helpers.model.debian.tree_recipe import DOCKER_TREE, TreeRecipe

RECIPE = TreeRecipe(
    "few", ("testing", "stable"), ("iptables", "iproute2", "tini"), links=DOCKER_TREE.links
)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> UnpackedTree:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBOOK_HOME", str(tmp_path_factory.mktemp("home")))
        tree = unpacked_tree(RECIPE, lambda step: None, threading.Event())
        assert kept_tree(RECIPE) == tree
    return tree


def words_of(tree: UnpackedTree, *words: str) -> str:
    settings = {**tree.environment, "LC_ALL": "C"}
    ended = subprocess.run(
        tree.command(*words), capture_output=True, text=True, env=settings, check=True
    )
    return ended.stdout


def test_its_programs_run_with_its_own_libraries(tree: UnpackedTree) -> None:
    version = tree.versions["iptables"].partition("-")[0]
    assert words_of(tree, "iptables-nft", "--version") == f"iptables v{version} (nf_tables)\n"
    assert words_of(tree, "iptables", "--version") == f"iptables v{version} (nf_tables)\n"
    assert words_of(tree, "ip", "-V").startswith("ip utility, iproute2-")
    assert words_of(tree, "tini", "--version").startswith("tini version ")


def test_its_extensions_are_where_they_are_looked_for(tree: UnpackedTree) -> None:
    told = words_of(tree, "iptables-nft", "-m", "conntrack", "--help")
    assert "conntrack match options" in told
    assert Path(tree.environment["XTABLES_LIBDIR"]).is_relative_to(tree.folder)


def test_nothing_that_nobody_runs_is_in_it(tree: UnpackedTree) -> None:
    assert not (tree.usr / "share/doc").exists()
    assert not (tree.usr / "share/man").exists()
    assert {path.name for path in tree.folder.iterdir()} == {"looked", "tree.json", "usr"}
    odd = [path for path in tree.usr.rglob("*") if path.is_symlink() and not path.exists()]
    assert odd == []
