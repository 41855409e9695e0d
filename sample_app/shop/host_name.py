"""Names and addresses of hosts, as they may stand in a setting."""

import re

_LABEL = "[A-Za-z0-9_:-]{1,63}"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")


def is_host(text: str) -> bool:
    """Whether it can be one: nothing else goes to the resolver, or into a message."""
    return len(text) <= 253 and _NAME.fullmatch(text) is not None
