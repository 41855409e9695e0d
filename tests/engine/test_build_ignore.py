""".dockerignore against what the docker command really sends: the same image, byte for byte."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.engine.docker import Docker
from helpers.errors import WorkbookError
from tests.engine.build_kit import built_by_command, command, image_id, is_old_command, put

pytestmark = pytest.mark.engine
FILES = (
    "Dockerfile", "README.md", "notes.md", "secret.env", "a b.txt", "src/app.py", "src/app.pyc",
    "src/deep/x.pyc", "src/deep/y.md", "node_modules/m/i.js", "node_modules/keep/k.js", "temp1/t",
)  # fmt: skip
# (rules, what of FILES and .dockerignore itself is left out)
CASES = [
    ("", set()),
    ("# notes.md\n\n   \nnotes.md  \n", {"notes.md"}),
    ("*.md\n!README.md\n", {"notes.md"}),
    ("!README.md\n*.md\n", {"notes.md", "README.md"}),
    ("**/*.pyc\n", {"src/app.pyc", "src/deep/x.pyc"}),
    ("**/*.md\n!src/**/*.md\n", {"notes.md", "README.md"}),
    ("/src/deep\n", {"src/deep/x.pyc", "src/deep/y.md"}),
    ("src/\n", {"src/app.py", "src/app.pyc", "src/deep/x.pyc", "src/deep/y.md"}),
    ("node_modules\n!node_modules/keep\n", {"node_modules/m/i.js"}),
    ("*/deep\n", {"src/deep/x.pyc", "src/deep/y.md"}),
    ("temp?\n", {"temp1/t"}),
    ("[a-s]*.md\n", {"notes.md"}),
    ("a b.txt\n", {"a b.txt"}),
    ("Dockerfile\n.dockerignore\n", {"Dockerfile", ".dockerignore"}),
    ("\ufeffsecret.env\r\nnotes.md\r\n", {"secret.env", "notes.md"}),
    ("*\n!src/deep\n", {*FILES, ".dockerignore"} - {"src/deep/x.pyc", "src/deep/y.md"}),
    ("./src//../notes.md\n", {"notes.md"}),
    ("*\n!src/**\n", {*FILES, ".dockerignore"} - {name for name in FILES if "src/" in name}),
    ("*\n!src/*\n", {*FILES, ".dockerignore"} - {name for name in FILES if "src/" in name}),
    ("src/**\n!**/y.md\n", {"src/app.py", "src/app.pyc", "src/deep/x.pyc"}),
]  # fmt: skip


@pytest.fixture
def context(docker: Docker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path / "home"))
    files = {name: f"this is {name}\n" for name in FILES}
    yield put(tmp_path / "context", files | {"Dockerfile": "FROM scratch\nCOPY . /\n"})
    docker.clean_up()


@pytest.mark.parametrize(("rules", "left_out"), CASES)
def test_the_same_files_arrive(
    docker: Docker, context: Path, rules: str, left_out: set[str]
) -> None:
    put(context, {".dockerignore": rules})
    docker.build(context, "wbt-ignore")
    files = docker.image("wbt-ignore").files()
    arrived = {path for path, entry in files.items() if entry.kind == "file"}
    assert {*FILES, ".dockerignore"} - arrived == left_out
    if "!**" in rules and is_old_command():
        return  # Before 23 it passed over exceptions with wildcards in excluded folders.
    assert built_by_command(docker.client, context, "wbt-ignore:command") == image_id(
        docker.client, "wbt-ignore"
    )


# What reaches Go's regular expressions, and what Docker refuses, in part only once it is tried.
LETTERS = [
    "^n*\n", "a /\n", "!/\n", "[a-\n", "[]x]\n", "src/\\d*\n", "temp\\d\n", "\\R\n", "*\n\\R\n",
    "[[:alpha:]]*.md\n", "[n*]otes.md\n", "a b.txt\u2003\n", "**/**/*.md\n", "caf\udce9\n",
    "caf*\n", "".join(f"{'p' * 30}/{number}\n" for number in range(1000)),
    "*\n" + "".join(f"!src/{number:05}.ts\n" for number in range(3000)) + "!notes.md\n",
]  # fmt: skip


@pytest.mark.parametrize("rules", LETTERS, ids=lambda rules: ascii(rules[:20]))
def test_each_rule_is_taken_or_refused_as_by_the_docker_command(
    docker: Docker, context: Path, rules: str
) -> None:
    if is_old_command():
        pytest.skip("a docker command of before 23 reads rules by another library")
    (context / ".dockerignore").write_bytes(rules.encode("utf-8", "surrogateescape"))
    (context / "caf\udce9").write_text("1")
    done = subprocess.run(
        [*command(), "-q", "-o", "type=tar,dest=-", str(context)], capture_output=True, check=False
    )
    if done.returncode:
        with pytest.raises(WorkbookError):
            docker.build(context, "wbt-ignore")
        return
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        theirs = {member.name for member in archive if member.isfile()}
    docker.build(context, "wbt-ignore")
    files = docker.image("wbt-ignore").files()
    assert {path for path, entry in files.items() if entry.kind == "file"} == theirs


@pytest.mark.parametrize(
    ("target", "left_out"),
    [("src/rules", {"secret.env"}), ("/src/rules", {"secret.env"}), ("../rules", set())],
)
def test_a_link_is_followed_within_the_context(
    docker: Docker, context: Path, target: str, left_out: set[str]
) -> None:
    put(context, {"src/rules": "secret.env\n", "../rules": "*.md\n"})
    (context / ".dockerignore").symlink_to(target)
    docker.build(context, "wbt-ignore")
    assert set(FILES) - set(docker.image("wbt-ignore").files()) == left_out
    assert built_by_command(docker.client, context, "wbt-ignore:command") == image_id(
        docker.client, "wbt-ignore"
    )


def test_a_dockerfiles_own_ignore_file_counts_in_place_of_the_other(
    docker: Docker, context: Path
) -> None:
    put(context, {".dockerignore": "*.md\n", "Dockerfile.dockerignore": "src\n"})
    docker.build(context, "wbt-ignore")
    files = docker.image("wbt-ignore").files()
    assert "notes.md" in files
    assert "src" not in files
    assert built_by_command(docker.client, context, "wbt-ignore:command") == image_id(
        docker.client, "wbt-ignore"
    )


def test_the_classic_builder_leaves_out_the_same(docker: Docker, context: Path) -> None:
    put(
        context,
        {".dockerignore": "Dockerfile\n.dockerignore\nnode_modules\n!node_modules/keep\n*.md\n"},
    )
    docker.build(context, "wbt-ignore")
    docker.build(context, "wbt-ignore:classic", buildkit=False)
    listed = [set(docker.image(f"wbt-ignore{tag}").files()) for tag in ("", ":classic")]
    assert listed[0] == listed[1]
    assert "Dockerfile" not in listed[0]
