"""Virtual machines on a real engine: the same files, another kernel, and clear words in trouble."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator

import pytest
from docker.errors import NotFound

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.connection.client import find_client
from helpers.engine.container.container import Container
from helpers.engine.docker import Docker
from helpers.engine.vm.acceleration import acceleration_of
from helpers.engine.vm.disk import disk_of
from helpers.engine.vm.virtual_machine import VirtualMachine
from helpers.errors import Interrupted, InvalidInput, NotReady, PortInUse
from helpers.model.footprint.footprint import CONTAINER, MEASURES, TOGETHER, VM
from helpers.model.footprint.race import ANSWERED
from helpers.model.supply.catalogue import VM_TOOLS
from helpers.model.vm.console import APP_STARTED
from helpers.model.vm.settings import VmSettings
from tests.engine.labelled import remove_labelled
from tests.engine.test_interrupt import interrupt_when

pytestmark = pytest.mark.engine

LABEL = "tests-vm"
APP = "wbt-vm-app"
# What Docker and the VM's first process mount over the image's files, and what the app writes.
LIST_FILES = "find / -xdev -path /proc -prune -o -path /sys -prune -o -path /dev -prune -o -print"


@pytest.fixture(scope="module")
def docker(endpoint: Endpoint) -> Iterator[Docker]:
    client, _ = find_client([endpoint])
    made = Docker(client, endpoint, LABEL)
    made.clean_up()
    remove_labelled(client, LABEL)
    made.build("sample_app", tag=APP)
    yield made
    made.clean_up()
    remove_labelled(client, LABEL)
    client.close()


@pytest.fixture(scope="module")
def both(docker: Docker) -> tuple[Container, VirtualMachine]:
    """A container and a VM of one image, both of which have answered."""
    run = docker.race(APP, names=("wbt-vm-web", "wbt-vm-vm"))
    run.start(lambda race: None)
    race = run.wait()
    assert race.winner == CONTAINER
    assert [lane.marks[-1].name for lane in race.lanes] == [ANSWERED, ANSWERED]
    assert APP_STARTED in [mark.name for mark in race.lanes[1].marks]
    assert run.container is not None
    assert run.vm is not None
    return run.container, run.vm


def left(docker: Docker) -> list[str]:
    """The containers that this lesson has on the engine."""
    found = docker.client.api.containers(
        all=True, filters={"label": f"workbook.lesson={docker.lesson}"}
    )
    return sorted(item["Names"][0] for item in found)


def test_the_same_files_are_seen_from_inside_both(
    both: tuple[Container, VirtualMachine],
) -> None:
    here, there = (set(made.exec(LIST_FILES).splitlines()) for made in both)
    assert len(here) > 3000
    assert here ^ there <= {"/.dockerenv"}


def test_the_same_app_answers_the_same(both: tuple[Container, VirtualMachine]) -> None:
    answers = [made.wait_until_ready("/").text for made in both]
    assert all(answer.count("Hello World") == 1 for answer in answers)
    container, vm = (re.sub(r"<b>.*</b>", "", answer) for answer in answers)
    assert container == vm


def test_the_container_has_the_machines_kernel_and_the_vm_its_own(
    docker: Docker, both: tuple[Container, VirtualMachine]
) -> None:
    container, vm = both
    told = docker.client.api.inspect_image(VM_TOOLS)["Config"]["Labels"]["workbook.made-of"]
    assert container.exec("uname -r").strip() == docker.info["KernelVersion"]
    assert vm.exec("uname -r").strip() in told


def test_the_machine_sees_the_containers_app_and_of_the_vm_only_qemu(
    docker: Docker, both: tuple[Container, VirtualMachine]
) -> None:
    seen = [str(docker.client.api.top(made.id)["Processes"]) for made in both]
    assert "python app.py" in seen[0]
    assert "python app.py" not in seen[1]
    assert "qemu" in seen[1]


def test_exec_gives_output_and_exit_code_of_any_words(
    both: tuple[Container, VirtualMachine],
) -> None:
    words = ["sh", "-c", 'printf "%s|" "$@"; exit 3', "sh", "it's", "a b", "$HOME", "*"]
    for made in both:
        output = made.exec(words)
        assert (output.rstrip("\n"), output.exit_code) == ("it's|a b|$HOME|*|", 3)
    assert both[1].exec("no-such-program").exit_code == 127


def test_what_the_vm_writes_stays_in_it(both: tuple[Container, VirtualMachine]) -> None:
    container, vm = both
    assert vm.exec(["sh", "-c", "echo here > /tmp/mine; sync; cat /tmp/mine"]).strip() == "here"
    assert container.exec("cat /tmp/mine").exit_code == 1


def test_the_line_can_be_typed_and_the_console_is_kept(
    both: tuple[Container, VirtualMachine],
) -> None:
    vm = both[1]
    assert re.fullmatch(
        rf"docker run -d --name wbt-vm-vm -p 127\.0\.0\.1::80 .*{VM_TOOLS} vm-boot 128 1 80",
        vm.command,
    )
    assert "Linux version" in vm.console()
    assert "Linux version" in vm.logs()


def test_the_disk_is_made_once(docker: Docker, both: tuple[Container, VirtualMachine]) -> None:
    volume, guest = docker.vms.prepared(APP)
    before = docker.client.api.inspect_volume(volume)
    again = disk_of(docker.client, docker.image(APP).id, guest, LABEL)
    assert docker.client.api.inspect_volume(again) == before


def test_what_was_made_once_is_not_looked_into_again(
    docker: Docker, both: tuple[Container, VirtualMachine], monkeypatch: pytest.MonkeyPatch
) -> None:
    api, made = docker.client.api, list[str]()
    create = api.create_container

    def noted(image: str, *rest: object, **options: object) -> object:
        made.append(image)
        return create(image, *rest, **options)

    monkeypatch.setattr(api, "create_container", noted)
    for _ in range(2):
        created, _ = docker.vms._created(APP, None, VmSettings())
        api.remove_container(created)
    assert made == [VM_TOOLS, VM_TOOLS]


def test_a_taken_port_is_said_and_nothing_is_left(docker: Docker) -> None:
    before = left(docker)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse, match=str(port)):
            docker.vm(APP, ports={80: f"127.0.0.1:{port}"})
    assert left(docker) == before


def test_more_memory_than_there_is_is_refused(docker: Docker) -> None:
    with pytest.raises(InvalidInput, match="in all"):
        docker.vm(APP, memory="100000g")


def test_an_image_for_another_architecture_is_refused(docker: Docker) -> None:
    ours = str(docker.client.version()["Arch"])
    theirs = "arm64" if ours == "amd64" else "amd64"
    text = "FROM scratch\nLABEL made.for=another\n"
    docker.build("-", "wbt-vm-foreign", stdin=text, platform=f"linux/{theirs}")
    with pytest.raises(InvalidInput, match=f"made for linux/{theirs}"):
        docker.vm("wbt-vm-foreign")


def test_an_image_without_the_app_is_said_by_its_console(docker: Docker) -> None:
    vm = docker.vm("busybox:1.37", "python app.py", name="wbt-vm-empty", ports={80: 0})
    with pytest.raises(NotReady) as told:
        vm.wait_until_ready()
    assert "exit code 127 (python is not in this image)" in told.value.message
    assert "workbook: python is not in this image" in told.value.message
    assert vm.wait_until_ended() == 0
    vm.remove()


def test_an_image_with_a_user_of_its_own_runs_as_that_user(docker: Docker) -> None:
    recipe = 'FROM busybox:1.37\nUSER nobody\nCMD ["httpd", "-f", "-p", "8080"]\n'
    docker.build("-", "wbt-vm-nobody", stdin=recipe)
    vm = docker.vm("wbt-vm-nobody", name="wbt-vm-user", ports={8080: 0})
    vm.wait_until_ready("/etc/passwd")
    assert vm.exec("id -un").strip() == "nobody"
    vm.remove(force=True)


def test_a_boot_that_takes_too_long_is_tried_once_more_then_stopped(docker: Docker) -> None:
    vm = docker.vm("busybox:1.37", "sleep 60", name="wbt-vm-slow", ports={80: 0})
    with pytest.raises(NotReady, match="was given up: there was no answer within") as told:
        vm.wait_until_ready(seconds=0.3)
    assert "Its console ends with:" in told.value.message
    assert vm._tries == 2
    assert vm.status == "exited"
    vm.remove()


def test_a_vm_that_is_off_says_so(docker: Docker) -> None:
    vm = docker.vm("busybox:1.37", "sleep 60", name="wbt-vm-off", ports={80: 0})
    vm.kill()
    vm.wait_until_ended()
    with pytest.raises(NotReady, match="it is off"):
        vm.wait_until_ready()
    vm.remove()


@pytest.mark.parametrize(
    ("device", "says"),
    [("/dev/no-such-device", "There is no /dev/kvm"), ("/dev/null", "no kernel")],
)
def test_without_acceleration_it_says_why(docker: Docker, device: str, says: str) -> None:
    found = acceleration_of(docker.client, LABEL, device)
    assert not found.is_hardware
    assert says in found.reason
    assert "in software" in repr(found)


def test_a_comparison_reads_every_measure_of_both_and_leaves_nothing(docker: Docker) -> None:
    before, steps = left(docker), list[str]()
    found = docker.compare_with_vm(APP, runs=1, on_step=steps.append)
    assert [subject.name for subject in found.subjects[:2]] == [CONTAINER, VM]
    assert bool(found.notes) == (len(found.subjects) == 2)
    for measure in MEASURES:
        for subject in found.subjects[:2]:
            there = found.spread(subject.name, measure)
            assert (there is None) == (measure is TOGETHER), (measure, subject)
    assert found.subjects[0].kernel == docker.info["KernelVersion"] != found.subjects[1].kernel
    assert f"run 1 of 1: {VM}" in steps
    assert left(docker) == before


def test_an_interrupt_among_several_boots_leaves_nothing(docker: Docker) -> None:
    docker.vms.ready(APP)
    before = left(docker)

    def boots() -> int:
        return len(docker.client.api.containers(filters={"ancestor": VM_TOOLS}))

    others = boots()
    watcher = interrupt_when(lambda: boots() == others + 2)
    begun = time.monotonic()
    with pytest.raises(Interrupted, match="The comparison was broken off"):
        docker.compare_with_vm(APP, runs=0, together=2)
    assert time.monotonic() - begun < 60
    watcher.join()
    assert left(docker) == before


def test_the_disk_goes_with_the_lesson(docker: Docker) -> None:
    volume, _ = docker.vms.prepared("busybox:1.37")
    client, endpoint = docker.client, docker.endpoint
    assert volume in Docker(client, endpoint, LABEL).clean_up().volumes
    with pytest.raises(NotFound):
        client.api.inspect_volume(volume)
