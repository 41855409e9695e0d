"""What engines and the docker command say of images, networks, volumes, ports and themselves.

Each row is matched by verb and whole phrase, the first that fits counts; a group in the pattern
goes into the sentence. Sources: moby's libnetwork, volume and image packages, docker/cli, Docker
Desktop's and rootlesskit's own errors, as Engine 20.10 to 28.5 and Podman 5 pass them on.
"""

from __future__ import annotations

_TERMINAL = "A cell is no terminal: type it in one (File → New → Terminal), without the `%`."
_ANEW = "Start the engine again (`sudo systemctl restart docker`): something took its rules away."
ENGINE_WORDS = (
    # The docker command
    (r"not a TTY|stdin is not a terminal|inappropriate ioctl", _TERMINAL),
    (r"unknown (?:shorthand )?flag|unknown command|is not a docker command",
     "See to the spelling; `--help` behind a command lists what it takes."),
    (r"requires (?:at least|exactly|at most)? ?\d+ argument|accepts \d+ arg",
     "`--help` behind the command shows what it wants to be told."),
    (r"failed to read dockerfile|dockerfile: no such file|unable to prepare context"
     r"|unable to evaluate",
     "Name the folder that the Dockerfile is in; paths are seen from the notebook's folder."),
    (r"invalid environment variable", "It is `-e NAME=value`."),
    (r"bad format for add-host|invalid ip address in add-host|value for host-gateway",
     "It is `--add-host NAME:ADDRESS`, the address an IP address or `host-gateway`."),
    (r'invalid argument "[^"\n]*" for "([^"\n]+)" flag|--\w+: invalid \w+ mode',
     "`--help` behind the command shows the form that each option has."),
    # The engine
    (r"permission denied[^\n]*docker\.sock|permission denied while trying to connect",
     "This user may not speak to the engine: `./workbook doctor` says what to do."),
    (r"cannot connect to the docker daemon|error during connect|is the docker daemon running"
     r"|docker desktop is unable to start|internal server error for api route",
     "No engine answers there: see `./workbook doctor`."),
    (r"maximum supported api version is ([\d.]+)",
     "Command and engine are of different ages: set DOCKER_API_VERSION={}, or update the engine."),
    (r"minimum supported api version is",
     "The docker command is too old for that engine: install a newer one."),
    (r"authorization denied by plugin",
     "Whoever runs that engine allows no such command: ask them."),
    (r"(?:cgroup|cpuset)[^\n]*(?:no space left|cannot allocate memory|no such file)",
     "The kernel has no room for another control group, or lost one: remove containers that are "
     "not needed, or start the machine again. The disk is not full."),
    (r"(?:session key|keyring)[^\n]*quota exceeded",
     "The kernel keeps no more keys for that user: raise `kernel.keys.maxkeys` on the engine's "
     "machine, or run fewer containers. The disk is not full."),
    (r"(?:inotify|fsnotify)[^\n]*(?:no space left|too many open files)",
     "The kernel watches no more files: raise `fs.inotify.max_user_watches` on the engine's "
     "machine. The disk is not full."),
    (r"too many open files", "The engine has too many files open: end some containers."),
    (r"resource temporarily unavailable|cannot allocate memory|out of memory",
     "The engine's machine has no processes or memory to spare: end some containers."),
    (r"iptables[^\n]*(?:failed|no chain/target/match)|failed to setup ip tables", _ANEW),
    (r"containerd[^\n]*(?:connection refused|no such file)|transport is closing|ttrpc: closed",
     "A part of the engine has died: start the engine again."),
    (r"not a swarm manager|not part of a swarm", "Make one first: `%docker swarm init`."),
    (r"apparmor[^\n]*(?:apply|profile)|selinux|keycreate",
     "The machine's security module refuses it: ask whoever runs the machine."),
    # Networks
    (r"network ([\w.-]+) not found|unable to find network|no such network",
     "`%docker network ls` lists the networks that there are."),
    (r"network with name ([\w.-]+) already exists",
     "Use it as it is, or remove it if it is yours: `%docker network rm {}`."),
    (r"network with name [^\n]* already exists", "Use it as it is, or choose another name."),
    (r"has active endpoints|network[^\n]* has associated containers",
     "Containers are still in it: `%docker network inspect NAME` names them; remove those, or "
     "`%docker network disconnect` them."),
    (r"endpoint with name \S+ already exists|already connected to network|already attached to",
     "It is in that network already."),
    (r"is not connected to (?:the )?network|not connected to network",
     "`%docker network inspect NAME` says who is in it."),
    (r"pre-?defined (?:\w+ )?network",
     "The networks bridge, host and none are Docker's own: make one of yours, `%docker network "
     "create NAME`."),
    (r"invalid (?:subnet|cidr)|invalid network config",
     "Addresses of a network are written as `--subnet 10.20.0.0/24`."),
    (r"pool overlaps|overlaps with (?:other one|an existing)|cannot overlap",
     "Another network has these addresses: choose others with `--subnet`, or none."),
    (r"non-overlapping ipv[46] address pool|address pools have been fully subscribed",
     "All of the engine's address ranges are given out: `%docker network ls`, and remove those "
     "that are not needed. A VPN may hold them, too."),
    (r"no available ipv[46] addresses", "That network has no address left: end some containers."),
    (r"user configured subnets|user specified ip address",
     "An address of its own goes only in a network made with `--subnet`."),
    (r"(?:^|networking: |daemon: )address already in use",
     "A container of that network has that address: choose another one."),
    (r"network-scoped alias|links are only supported",
     "That goes only in a network of your own: `%docker network create NAME`."),
    (r"conflicting options: [^\n]*network", "With another's network, ports and names are its own: "
     "leave them out."),
    # Ports
    (r"forbidden by its access permissions",
     "Windows keeps that port for itself (`netsh interface ipv4 show excludedportrange "
     "protocol=tcp`): publish another one."),
    (r"privileged port|(?:bind|listen)[^\n]*: permission denied",
     "Ports below 1024 are the administrator's here: publish one above, such as 8080."),
    (r"(?:bind|listen)[^\n]*cannot assign requested address",
     "The engine's machine has no such address: leave it out, or write 127.0.0.1."),
    (r"invalid (?:container ?port|host ?port|publish|port|proto|ranges?|ip address)",
     "It is `-p OUTSIDE:INSIDE`: a port of this machine first, the container's second."),
    (r"no public port", "`%docker port NAME` lists those that it publishes."),
    # Volumes
    (r"remove ([\w.-]+): volume is in use|volume ([\w.-]+) is being used|volume is in use",
     "A container still uses it: `%docker ps --all --filter volume=NAME` names it."),
    (r"no such volume", "`%docker volume ls` lists the volumes that there are."),
    (r"volume name is too short|invalid volume name|network name|invalid name",
     "Names have letters, digits and `_ . -`, two or more of them, the first no sign."),
    (r"plugin \S+ not found|looking up (?:volume )?plugin|driver \S+ not found",
     "The engine has no such driver: `%docker info` lists those that it has, under Plugins."),
    # Images
    (r"unable to (?:delete|remove)[^\n]*(?:container|image is being used)|image used by",
     "A container still uses it: remove that one first."),
    (r"referenced in multiple repositories",
     "It has several names: `%docker rmi` each of them, or use `--force`."),
    (r"tag does not exist: ", "`%docker images` lists the images that are there."),
    (r"^(?:open|lstat|stat) \S+: no such file|unexpected eof\s*$",
     "That file is not there, or not whole: paths are seen from the notebook's folder."),
    (r'context "node-\d+": context not found', "`nodes(3)` makes node-1, node-2 and node-3."),
    (r"context not found", "`docker context ls` lists the contexts that there are."),
    (r"only supported on a docker daemon with experimental",
     "That engine was not started with its experimental features."),
    (r"invalid isolation", "On Linux there is one kind of isolation: leave it out."),
    (r"dependent child images", "Other images are made from it: remove those first."),
    (r"invalid reference format|must be lowercase|invalid tag|hexadecimal strings"
     r"|not a valid repository/tag|invalid repository name",
     "A name has small letters, digits and `. _ - /`, then perhaps `:` and a tag."),
    (r"no matching manifest|no match for platform|not match the specified platform"
     r"|provide the specified platform|operating system \S+ cannot be used|image platform",
     "It was made for another kind of machine: see `%docker manifest inspect`, or name one that it "
     "has with `--platform`."),
)  # fmt: skip
