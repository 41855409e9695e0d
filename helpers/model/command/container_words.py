"""What engines say where a container is not made, started or changed, and what to do then.

Each row is matched by verb and whole phrase, the first that fits counts; a group in the pattern
goes into the sentence. Sources: moby's daemon (container_linux.go, daemon_unix.go, names.go,
start.go, kill.go), runc's and crun's own errors, as Engine 20.10 to 28.5 and Podman 5 pass them on.
"""

from __future__ import annotations

_NAMES = "Names have letters, digits and `_ . -`, two or more of them, the first no sign."
_UNIX_ENDS = (
    "The file is there, and the program that its first line names is not. Was it written on "
    "Windows? Then take its carriage returns out: `sed -i 's/\\r$//' FILE`."
)
CONTAINER_WORDS = (
    (r'container name "/?([\w.-]+)" is already in use|name "?([\w.-]+)"? is in use: container',
     "Choose another name, or remove that one if it is yours: `%docker rm --force {}`."),
    (r"no such container", "`%docker ps --all` lists the containers that there are."),
    (r"invalid container name", _NAMES),
    (r"renaming a container with the same name", "It has that name already."),
    (r"no command specified", "Nothing says which program it runs: name one behind the image."),
    # The program
    (r"chdir to cwd|working directory [^\n]*(?:is invalid|not a directory)"
     r"|mkdir[: ][^\n]*not a directory\s*$",
     "That is the working directory (`--workdir`): it is an absolute path to a folder that the "
     "user may enter."),
    (r"exec [^\s\":]+: no such file or directory|exec user process caused.*no such file"
     r"|\\r'?\"?: (?:no such file|not found)|bad interpreter", _UNIX_ENDS),
    (r"\b(?:exec|executable|stat )[^\n]*: no such file or directory"
     r"|executable file [^\n]*not found",
     "The image has no such program: see to the spelling, and to what the image has."),
    (r'exec:? \\*"?[^"\n]*\\*"?: (?:permission denied|is a directory)'
     r"|open executable: permission denied",
     "It is a folder or a file that may not be executed: `chmod +x` where the image is made."),
    (r"exec format error|exec user process caused.*exec format",
     "It was made for another processor, or it is a script without a first line `#!/bin/sh`."),
    (r"argument list too long", "Arguments and variables are too long together: put them in a "
     "file, and mount it."),
    (r"unable to find user|no matching entries in passwd|no users found|unable to find group",
     "The image has no such user or group: name one that it has, or a number."),
    (r"container init was oom-killed|memory limit too low",
     "Its memory limit ended it before it began: give it more."),
    # Limits
    (r"minimum memory limit|can not be less than 6 ?MB", "Give it at least 6 MB: `-m 6m`."),
    (r"memoryswap limit should be larger|set the memory limit when using memoryswap",
     "`--memory-swap` counts memory and swap together: at least what `--memory` says, or -1."),
    (r"range of cpus is from|requested cpus are not available",
     "See how many processors the engine has: `%docker info --format '{{{{.NCPU}}}}'`."),
    (r"nano cpus and cpu|nanocpus and cpu", "Say `--cpus`, or period and quota, not both."),
    (r"cannot be less than 1ms|healthcheck[^\n]*cannot be",
     "Times of a health check are 1 ms or more: `--health-interval 1s`."),
    # What it may do
    (r"unknown capability|invalid cap(?:add|drop)",
     "Capabilities are called as in capabilities(7): `--cap-add NET_ADMIN`."),
    (r"invalid (?:--)?security-?opt|opening seccomp profile|unknown security-opt",
     "It is `--security-opt NAME=VALUE`: no-new-privileges=true, seccomp=FILE."),
    (r"unknown or invalid runtime name|unknown runtime specified",
     "`%docker info --format '{{{{json .Runtimes}}}}'` lists the runtimes that there are."),
    (r"could not select device driver|nvidia-container-cli",
     "GPUs need their maker's container toolkit on the engine's machine."),
    (r"adding custom device|not a device node|device[^\n]*: no such file",
     "`--device` names a device of the engine's machine: see `ls /dev` there."),
    (r"no log driver named|unknown log opt|failed to (?:create|initialize) logg",
     "`%docker info --format '{{{{.Plugins.Log}}}}'` lists the log drivers; their options are in "
     "Docker's documentation."),
    (r"does not support reading", "Logs of that driver are read where it sends them."),
    (r"not in a separate kernel namespace|sysctl ['\"]|invalid sysctl",
     "That setting is the whole machine's: it is set on the engine's machine, not in a container."),
    (r"invalid restart policy|maximum retry count cannot|autoremove|both --restart and --rm",
     "`--restart` is no, on-failure[:N], always or unless-stopped; the last three go not with "
     "`--rm`."),
    (r"invalid signal", "Signals are called as in signal(7): SIGTERM, SIGKILL, SIGUSR1."),
    # Its files
    (r"trying to mount a directory onto a file|(?:cannot mount|mounting)[^\n]*: not a directory",
     "One of the two is a file, the other a folder. Where the file was not there, the engine made "
     "a folder in its place: remove that, make the file, then run it again."),
    (r"mounts denied|is not shared from the host",
     "Docker Desktop sees only folders that are shared with it: Settings, Resources, File "
     "sharing."),
    (r"creating mount source path|mkdir [^\n]*: read-only file system",
     "The engine may not make that folder on its machine: name one that is there."),
    (r"bind source path does not exist: (\S+)",
     "Such a path is one of the engine's machine: see to the spelling, or make the folder first."),
    (r"mount path must be absolute|invalid mount path|destination can't be",
     "The path in the container begins with `/`, and is not `/` alone: `-v data:/data`."),
    (r"duplicate mount point", "Two of its mounts have the same path in the container: keep one."),
    (r"invalid mode: |invalid bind mode|invalid tmpfs option|invalid volume specification"
     r"|includes invalid characters for a local volume name",
     "It is `-v SOURCE:/PATH:ro`. A folder begins with `/` or `./`; no shell reads this line, so "
     "`$PWD` and `~` stay as they are. `{{name}}` puts in a Python value."),
    (r"could not find the file|no such container:path",
     "The container has no such file: see to the path, `%docker exec NAME ls PATH`."),
    # Its state
    (r"marked for removal|removal of container [^\n]* already in progress",
     "It is on its way out: wait a moment, then see `%docker ps --all`."),
    (r"unpause the container|try unpause instead|is already paused|is paused",
     "It is frozen: `%docker unpause NAME` lets it go on."),
    (r"is not paused", "Only a paused container can go on: see `%docker ps --all`."),
    (r"is restarting, wait", "It keeps ending and being started: see `%docker logs NAME`."),
    (r"cannot join network of a non running container|join[^\n]* namespace of a non running",
     "Start the container whose network it joins first."),
    (r"cannot remove [^\n]*(?:running|paused)|stop the container before",
     "Stop it first, or remove it running with `--force`."),
    (r"is not running|attach to a stopped|can only (?:kill|exec|create exec)[^\n]*running",
     "Start it first; `%docker ps --all` says how it ended."),
    (r"did not receive an exit event|signaling init [^\n]*no such process",
     "The engine has lost hold of it: start the engine again, then remove it."),
    (r"no such exec instance", "That process has ended: run it again."),
)  # fmt: skip
