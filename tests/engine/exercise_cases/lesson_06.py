"""The cases of lesson 06: a VM that answers, and five containers beside one."""

from __future__ import annotations

from tests.engine.exercise_cases import Attempt, ExerciseCases

PREPARE = 'engine.build("sample_app", tag="my-python-app")'
FIVE = 'for n in range(1, 6): engine.run("my-python-app", name=f"crowd-{n}")'
SLEEPER = 'engine.vm("my-python-app", "sleep 600", name="{name}"{ports})'

CASES = (
    ExerciseCases(
        "06.1",
        prepare=PREPARE,
        leaves=("my-python-app",),
        keeps=True,
        wrong=(
            Attempt(
                "a container",
                "!docker run -d --name guest -p 127.0.0.1:4052:80 my-python-app",
                says="runs on the engine's kernel",
            ),
            Attempt("no port", SLEEPER.format(name="guest", ports=""), says="lead to it: none"),
            Attempt(
                "another port",
                SLEEPER.format(name="guest", ports=", ports={80: '127.0.0.1:4053'}"),
                says="lead to it: 4053",
            ),
            Attempt(
                "a program that the image does not have",
                'guest = engine.vm("my-python-app", "node app.js", name="guest",'
                " ports={80: '127.0.0.1:4052'})\nguest.wait(seconds=170)",
                says="node is not in this image",
            ),
            Attempt(
                "not booted yet",
                SLEEPER.format(name="guest", ports=", ports={80: '127.0.0.1:4052'}"),
                says="still booting",
            ),
        ),
        unusual=(
            Attempt(
                "another name for the image, more memory, and another variable",
                "!docker tag my-python-app my-python-app:other\n"
                'engine.vm("my-python-app:other", name="guest", memory="160m",'
                ' ports={80: "127.0.0.1:4052"}, environment={"NAME": "me"}).wait_until_ready()\n'
                "!docker rmi my-python-app:other",
            ),
        ),
    ),
    ExerciseCases(
        "06.2",
        prepare=PREPARE,
        leaves=("my-python-app",),
        keeps=True,
        wrong=(
            Attempt(
                "three of five",
                'for n in range(1, 4): engine.run("my-python-app", name=f"crowd-{n}")',
                says="3 of the five",
            ),
            Attempt(
                "another image",
                'for n in range(1, 6): engine.run("busybox:1.37", "sleep 600", name=f"crowd-{n}")',
                says="is made from `busybox:1.37`",
            ),
            Attempt("one has ended", f"{FIVE}\n!docker kill crowd-3", says="`crowd-3` is exited"),
            Attempt("no VM", FIVE, says="`heavy` is missing"),
            Attempt(
                "a container in place of the VM",
                f'{FIVE}\ndocker.run("my-python-app", name="heavy")',
                says="`heavy` is a container",
            ),
            Attempt(
                "no door",
                f"{FIVE}\n{SLEEPER.format(name='heavy', ports='')}",
                says="publishes no port",
            ),
        ),
        unusual=(
            Attempt(
                "by hand, and the VM first",
                'vm = engine.vm("my-python-app", name="heavy", ports={80: 0})\n'
                "vm.wait_until_ready()\n"
                "!for n in 1 2 3 4 5; do docker run -d --name crowd-$n my-python-app; done",
            ),
        ),
    ),
)
