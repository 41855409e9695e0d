"""The cases of lesson 02: a door, a resurrection, a quick end."""

from __future__ import annotations

from tests.engine.exercise_cases import Attempt, ExerciseCases

SERVE = "sh -c 'mkdir /www; echo hi > /www/index.html; exec httpd -f -p 80 -h /www'"
RUN = "%docker run -d --name"

CASES = (
    ExerciseCases(
        "02.1",
        wrong=(
            Attempt(
                "no port published", f"{RUN} site busybox:1.37 {SERVE}", says="publishes no port"
            ),
            Attempt(
                "published on every address",
                f"{RUN} site -p 4002:80 busybox:1.37 {SERVE}",
                says="every address of this machine",
            ),
            Attempt(
                "another door beside the right one",
                f"{RUN} site -p 127.0.0.1:4002:80 -p 4003:80 busybox:1.37 {SERVE}",
                says="Port 4003 is published on 0.0.0.0, which is every address",
            ),
            Attempt(
                "another address of the loopback alone",
                f"{RUN} site -p 127.0.0.2:4002:80 busybox:1.37 {SERVE}",
                says="Port 4002 is published, and not on 127.0.0.1",
            ),
            Attempt(
                "another port",
                f"{RUN} site -p 127.0.0.1:4003:80 busybox:1.37 {SERVE}",
                says="publishes port 4003",
            ),
            Attempt(
                "another port inside",
                f"{RUN} site -p 127.0.0.1:4002:8080 busybox:1.37 {SERVE}",
                says="leads to port 8080/tcp of `site`, and nothing answers",
            ),
            Attempt(
                "a server that ended",
                f"{RUN} site -p 127.0.0.1:4002:80 busybox:1.37 httpd -p 80\n%docker wait site",
                says="is exited",
            ),
        ),
        unusual=(
            Attempt(
                "created, started, and the page put in later",
                "%docker create --name site -p 127.0.0.1:4002:8000 busybox:1.37 "
                "httpd -f -p 8000 -h /tmp\n%docker start site\n"
                "%docker exec site sh -c 'echo hi > /tmp/index.html'\n"
                "engine.container('site').wait_until_ready()",
            ),
        ),
    ),
    ExerciseCases(
        "02.2",
        wrong=(
            Attempt(
                "no policy",
                f"{RUN} phoenix busybox:1.37 sh -c 'exit 1'\n%docker wait phoenix",
                says="restart policy is `no`",
            ),
            Attempt(
                "ends well under on-failure",
                f"{RUN} phoenix --restart on-failure busybox:1.37 true\n%docker wait phoenix",
                says="takes for success",
            ),
            Attempt(
                "a good end, again and again",
                f"{RUN} phoenix --restart always busybox:1.37 true\n"
                "engine.container('phoenix').wait_until_restarted()",
                says="That was a good end, no crash",
            ),
            Attempt(
                "never crashed",
                f"{RUN} phoenix --restart always busybox:1.37 sleep 600",
                says="has not crashed yet",
            ),
            Attempt(
                "killed by hand",
                f"{RUN} phoenix --restart always busybox:1.37 sleep 600\n%docker kill phoenix\n"
                "%docker wait phoenix",
                says="Did you stop it yourself",
            ),
        ),
        unusual=(
            Attempt(
                "given up after two tries",
                f"phoenix = {RUN} phoenix "
                "--restart on-failure:2 busybox:1.37 sh -c 'exit 3'\nphoenix.wait_until_ended()",
            ),
            Attempt(
                "the policy given later",
                f"{RUN} phoenix busybox:1.37 sh -c 'sleep 1; exit 9'\n"
                "%docker update --restart always phoenix\n"
                "engine.container('phoenix').wait_until_restarted()",
            ),
        ),
    ),
    ExerciseCases(
        "02.3",
        wrong=(
            Attempt(
                "still running",
                f"{RUN} quick --init busybox:1.37 sleep 600",
                says="`quick` is running",
            ),
            Attempt(
                "had to be killed",
                f"{RUN} quick busybox:1.37 sleep 600\n%docker stop -t 1 quick",
                says="did not react to SIGTERM and was killed",
            ),
            Attempt(
                "killed at once",
                f"{RUN} quick --init busybox:1.37 sleep 600\n%docker kill quick\n"
                "%docker wait quick",
                says="was killed at once, by SIGKILL",
            ),
            Attempt(
                "ended by itself",
                f"{RUN} quick busybox:1.37 true\n%docker wait quick",
                says="nobody asked it to stop",
            ),
            Attempt(
                "slow to react",
                f'{RUN} quick busybox:1.37 sh -c \'trap "sleep 2; exit 0" TERM; '
                "echo ready; sleep 600 & wait'\n"
                "while not engine.container('quick').logs(): pass\n%docker stop quick",
                says="after SIGTERM",
            ),
        ),
        unusual=(
            Attempt(
                "another stop signal, which the program handles",
                f'{RUN} quick --stop-signal USR1 busybox:1.37 sh -c \'trap "exit 0" USR1; '
                "echo ready; sleep 600 & wait'\n"
                "while not engine.container('quick').logs(): pass\n%docker stop quick",
            ),
            Attempt(
                "another program that does not end by itself",
                f"{RUN} quick --init --stop-timeout 5 busybox:1.37 top -b\n%docker stop quick",
            ),
        ),
    ),
)
