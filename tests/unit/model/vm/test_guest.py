"""What a VM is told to run, and how big it may be."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from helpers.errors import InvalidInput
from helpers.model.image.platform import Platform
from helpers.model.vm.acceleration import KVM, SOFTWARE, Acceleration
from helpers.model.vm.guest import Guest
from helpers.model.vm.settings import VmSettings

EVIL = 'it\'s $(touch /tmp/hacked) `id` "x"\n; reboot'
INSPECTED = {
    "Os": "linux",
    "Architecture": "amd64",
    "Config": {
        "Entrypoint": ["python"],
        "Cmd": ["app.py"],
        "Env": ["PATH=/bin", "NAME=World=1", "not-a-name=x"],
        "WorkingDir": "/app",
        "User": "1000:1000",
    },
}
AMD64 = Platform("linux", "amd64")


def in_a_shell(settings: str, question: str) -> str:
    """What a shell prints that has read the settings."""
    shell = shutil.which("sh")
    assert shell
    done = subprocess.run(
        [shell, "-c", f'{settings}\neval "set -- $APP"\n{question}'],
        capture_output=True, text=True, check=True, env={},
    )  # fmt: skip
    return done.stdout


def test_a_guest_is_what_the_image_says() -> None:
    guest = Guest.from_inspect(INSPECTED)
    assert guest.words == ("python", "app.py")
    assert (guest.folder, guest.user, guest.platform) == ("/app", "1000:1000", AMD64)
    assert Guest.from_inspect({"Config": None}).words == ()


def test_the_settings_mean_the_same_to_a_shell() -> None:
    settings = Guest.from_inspect(INSPECTED).settings()
    asked = 'printf "%s|" "$PATH" "$NAME" "$WORKING_FOLDER" "$USER_ID" "$@"'
    assert in_a_shell(settings, asked) == "/bin|World=1|/app|1000:1000|python|app.py|"


def test_whatever_an_image_says_is_data_to_the_shell() -> None:
    guest = Guest((EVIL, "$HOME"), (f"NAME={EVIL}", f"$(id)={EVIL}"), EVIL, EVIL)
    asked = 'printf "%s|" "$NAME" "$WORKING_FOLDER" "$USER_ID" "$@"'
    assert in_a_shell(guest.settings(), asked) == f"{EVIL}|{EVIL}|{EVIL}|{EVIL}|$HOME|"


def test_a_program_and_variables_of_the_call_come_last() -> None:
    guest = Guest.from_inspect(INSPECTED).with_program(["sh"], ["NAME=me"])
    assert guest.words == ("sh",)
    assert in_a_shell(guest.settings(), 'printf %s "$NAME"') == "me"
    assert Guest.from_inspect(INSPECTED).with_program([], []) == Guest.from_inspect(INSPECTED)


def test_an_image_for_another_machine_is_refused_with_the_way_out() -> None:
    guest = Guest.from_inspect({**INSPECTED, "Architecture": "arm64"})
    with pytest.raises(InvalidInput) as refused:
        guest.check("app", AMD64)
    assert "made for linux/arm64, and the engine's machine is linux/amd64" in str(refused.value)
    assert "docker pull --platform linux/amd64 app" in refused.value.next_step


def test_an_image_without_a_program_is_refused() -> None:
    guest = Guest.from_inspect({**INSPECTED, "Config": {}})
    with pytest.raises(InvalidInput, match="names no program"):
        guest.check("empty", AMD64)
    guest.with_program(["sleep", "9"], []).check("empty", AMD64)


def test_settings_become_the_words_that_boot_it() -> None:
    settings = VmSettings(ports={80: 4000, "443/tcp": 4001}, memory="256m", cpus=2)
    assert settings.words == ["vm-boot", "256", "2", "80", "443"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"memory": "20m"}, "20 MiB are too little memory"),
        ({"cpus": 0}, "no number of CPUs"),
        ({"cpus": 0.5}, "no number of CPUs"),
        ({"ports": {"53/udp": 53}}, "TCP"),
        ({"ports": {"http": 80}}, "no port"),
        ({"memroy": "64m"}, "no option 'memroy'"),
    ],
)
def test_what_no_vm_could_be_is_refused_at_once(options: dict[str, object], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        VmSettings.of(options)


def test_the_acceleration_says_which_and_why() -> None:
    slow, quick = Acceleration(SOFTWARE, "There is no /dev/kvm."), Acceleration(KVM, "It booted.")
    assert (slow.is_hardware, quick.is_hardware) == (False, True)
    assert "in software" in repr(slow)
    assert "There is no /dev/kvm." in repr(slow)
    assert "KVM" in repr(quick)
