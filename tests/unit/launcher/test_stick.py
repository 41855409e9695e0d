"""A machine with no network starts from a bundle: environment and engine, or a word on why not."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from helpers.engine.base.project_files import ROOT
from helpers.engine.bundle import artifact_source, resumed_fetch
from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.debian.tree_cache import kept_tree, trees_dir
from helpers.errors import DamagedBundle, DiskFull, Interrupted, InvalidInput, RegistryGone
from helpers.launcher.environment import Environment
from helpers.launcher.start_from import StartFrom, start_in
from helpers.launcher.stick import Stick
from helpers.model.bundle.server_address import ServerAddress
from helpers.model.bundle.wheel_target import WheelTarget, own_platform
from helpers.model.image.platform import Platform
from tests.unit import stick_kit
from tests.unit.bundle_kit import served
from tests.unit.conftest import cut_off_home
from tests.unit.engine.bundle.test_disk_trouble import FULL, failing
from tests.unit.stick_kit import RECIPE, lock_of, make_stick, make_wheel, packages_of, small_stick

__all__ = ["cut_off_home"]
pytestmark = pytest.mark.usefixtures("cut_off_home", "no_index")


@pytest.fixture
def no_index(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An index that answers nothing, and neither uv nor any other program."""
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_FIND_LINKS", "http://127.0.0.1:9/wheels")
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setattr(resumed_fetch, "_PAUSE_SECONDS", 0)


@pytest.fixture
def bundle(tmp_path: Path) -> BundleFile:
    return small_stick(tmp_path / "made")


@pytest.fixture
def environment(tmp_path: Path, bundle: BundleFile) -> Environment:
    """A workbook whose lock is of the bundle's wheels; its folder has a blank in its name."""
    root = tmp_path / "a workbook"
    (root / "tests").mkdir(parents=True)
    wheels = sorted((tmp_path / "made").glob("*.whl"))
    (root / "requirements.txt").write_text(lock_of(wheels))
    return Environment(root)


@contextmanager
def over(bundle: BundleFile, way: str) -> Iterator[Stick]:
    if way == "file":
        yield Stick.opened(bundle)
        return
    with served(bundle) as (_, http):
        yield Stick.served(ServerAddress.parse(f"{http.base}/#{bundle.digest.words}"))


def bring(stick: Stick, cancelled: threading.Event | None = None) -> object:
    return stick.bring_engine(RECIPE, lambda text: None, cancelled or threading.Event())


def left_over() -> list[str]:
    return [path.name for path in trees_dir().iterdir() if ".new-" in path.name]


def test_the_environment_is_made_from_it_alone(
    environment: Environment, bundle: BundleFile
) -> None:
    python = environment.ensure(Stick.opened(bundle).wheels(environment.requirements))
    asked = [str(python), "-c", "import tinyone, tinytwo; print(tinyone.VALUE + tinytwo.VALUE)"]
    assert subprocess.check_output(asked, text=True) == "2\n"
    assert not list(environment.folder.rglob("*.whl"))
    assert environment.is_ready(), "a later start with a network has nothing to do"


@pytest.mark.parametrize("way", ["file", "server"])
def test_the_engine_comes_into_the_cache(bundle: BundleFile, way: str) -> None:
    with over(bundle, way) as stick:
        tree = bring(stick)
        assert tree == kept_tree(RECIPE)
        assert bring(stick) == tree
    assert tree is not None
    files = {path: (tree.folder / path).read_bytes() for path in stick_kit.FILES}
    assert files == stick_kit.FILES
    assert {path: str((tree.folder / path).readlink()) for path in stick_kit.LINKS} == (
        stick_kit.LINKS
    )
    assert (tree.usr / "bin/app").stat().st_mode & 0o7777 == 0o755
    assert (tree.suite, tree.versions) == ("forky", {"app": "1.0"})
    assert left_over() == []


def test_a_bundle_of_images_alone_brings_neither(tmp_path: Path, environment: Environment) -> None:
    stick = Stick.opened(make_stick(tmp_path / "lessons.tar"))
    assert stick.wheels(environment.requirements) is None
    assert bring(stick) is None


def test_the_same_parts_make_the_same_bytes(tmp_path: Path, bundle: BundleFile) -> None:
    assert small_stick(tmp_path / "again").path.read_bytes() == bundle.path.read_bytes()


def test_packages_of_another_python_are_told(tmp_path: Path, environment: Environment) -> None:
    wheels = [make_wheel(tmp_path, "tinyone")]
    others = WheelTarget("3.99", own_platform())
    stick = Stick.opened(
        make_stick(tmp_path / "other.tar", lambda bundle: packages_of(bundle, wheels, others))
    )
    with pytest.raises(InvalidInput, match=r"has packages for Python 3\.99") as caught:
        stick.wheels(environment.requirements)
    assert "--python" in caught.value.next_step


def test_a_bundle_of_another_version_is_told(bundle: BundleFile, environment: Environment) -> None:
    environment.requirements.write_text("tinyone==2.0\n")
    with pytest.raises(InvalidInput, match="another version of the workbook"):
        Stick.opened(bundle).wheels(environment.requirements)


def test_another_platforms_engine_is_told(
    bundle: BundleFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpers.launcher.stick.own_platform", lambda: Platform("linux", "s390x"))
    with pytest.raises(InvalidInput, match="this is linux/s390x"):
        bring(Stick.opened(bundle))


def test_a_full_disk_leaves_nothing(
    bundle: BundleFile, environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = Stick.opened(bundle)
    monkeypatch.setattr(artifact_source.FileArtifacts, "_checked", failing(FULL))
    monkeypatch.setattr(artifact_source.FileArtifacts, "read", lambda self, blob: b"".join(
        self._bundle.chunks(blob.digest)))  # fmt: skip
    with pytest.raises(DiskFull):
        bring(stick)
    with pytest.raises(DiskFull):
        environment.ensure(stick.wheels(environment.requirements))
    assert left_over() == []
    assert not list(environment.folder.rglob("*.whl"))


def test_whoever_gives_up_leaves_nothing(bundle: BundleFile) -> None:
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(Interrupted):
        bring(Stick.opened(bundle), cancelled)
    assert left_over() == []
    assert kept_tree(RECIPE) is None


def test_a_server_that_goes_away_is_gone_on_with(
    bundle: BundleFile, environment: Environment
) -> None:
    with over(bundle, "server") as stick:
        write = stick.wheels(environment.requirements)
    assert write is not None
    with pytest.raises(RegistryGone, match="cannot be reached"):
        environment.ensure(write)
    with over(bundle, "server") as stick:
        environment.ensure(stick.wheels(environment.requirements))
        stick.source.forget()
    assert environment.is_ready()
    assert not list(artifact_source.cache_dir().glob("served/*"))


@pytest.mark.parametrize("spelled", ["{path}", "{path}#{words}", "{path}#{digest}"])
def test_a_file_is_named_with_its_digest_or_without(
    bundle: BundleFile, spelled: str, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.delenv("WORKBOOK_BUNDLE", raising=False)
    words, digest = bundle.digest.words, bundle.digest
    text = spelled.format(path=bundle.path, words=words, digest=digest)
    start = start_in(["lab", "--no-browser", "--from", text, "--port", "9000"])
    assert start is not None
    assert start.stick is not None
    assert (start.variable, start.value) == ("WORKBOOK_BUNDLE", f"{bundle.path}#{digest}")
    monkeypatch.setenv("WORKBOOK_BUNDLE", "")
    start.use()
    start.use()
    told = capsys.readouterr().out
    assert told.count(str(words)) == (0 if "#" in spelled else 1)


def test_a_digest_of_another_bundle_is_refused(bundle: BundleFile, tmp_path: Path) -> None:
    other = make_stick(tmp_path / "other.tar")
    with pytest.raises(DamagedBundle, match="another bundle than its SHA-256 says"):
        StartFrom.parse(str(bundle.path), str(other.digest))
    with pytest.raises(InvalidInput, match="not the SHA-256"):
        StartFrom.parse(f"{bundle.path}#sha256-abc")


def test_a_file_that_is_not_there_or_half_copied(bundle: BundleFile, tmp_path: Path) -> None:
    for missing in ("room.tar", "./room", str(tmp_path / "room")):
        with pytest.raises(InvalidInput, match="There is no file"):
            StartFrom.parse(missing)
    half = tmp_path / "half.tar"
    half.write_bytes(bundle.path.read_bytes()[:-4000])
    with pytest.raises(DamagedBundle, match="not whole") as caught:
        StartFrom.parse(str(half))
    assert "Copy or fetch it again" in caught.value.next_step


def test_a_server_needs_its_digest_for_programs(bundle: BundleFile) -> None:
    assert StartFrom.parse("http://192.168.1.7:4040").stick is None
    start = StartFrom.parse("192.168.1.7", bundle.digest.words)
    assert start.stick is not None
    assert start.value == f"http://192.168.1.7:4040/#{bundle.digest.words}"
    assert StartFrom.parse(f"192.168.1.7#{bundle.digest}").stick is not None


@pytest.mark.parametrize(
    "arguments", [[], ["doctor"], ["lab"], ["lab", "--from", "x", "--help"], ["run", "--from", "x"]]
)
def test_other_commands_start_from_nowhere(arguments: list[str]) -> None:
    assert start_in(arguments) is None


def test_it_needs_nothing_but_the_standard_library() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r});"
        "import helpers.launcher.stick, helpers.launcher.start_from; print('ok')"
    )
    command = [sys.executable, "-S", "-I", "-c", code]
    assert subprocess.check_output(command, text=True) == "ok\n"
