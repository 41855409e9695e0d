"""Labels of the workbook on what it did not make: a container inherits those of its image."""

from __future__ import annotations

# By these it once knew the images of a registry; whoever copied them gains nothing by it.
ONCE_OURS = {
    "workbook.registry": "localhost:5000",
    "workbook.registry.before": "sha256:" + "0" * 64,
}
# Every label that the workbook writes (a test compares them), and those.
OURS = ONCE_OURS | {
    "workbook.lesson": "02",
    "workbook.engine": "private",
    "workbook.made-of": "somebody else's packages",
    "workbook.node": "4121",
    "workbook.probe": "",
    "workbook.recipe": "0123456789abcdef",
    "workbook.stand-in": "a stand-in",
    "workbook.token": "0123456789abcdef0123456789abcdef",
    "workbook.trust": "0123456789abcdef",
}
# What nobody wrote who meant well: each alone must neither end a clean-up nor steer it.
MALFORMED = (
    "",
    " ",
    "{",
    "null",
    "99",
    "02,03",
    "../..",
    "*",
    "-f",
    "\x1b[2J",
    "$(id)",
    "x" * 65_536,
)


def strangers() -> list[dict[str, str]]:
    """Sets of labels for objects that must be there after every clean-up of every lesson."""
    return [
        OURS,
        {"workbook.lesson": "none"},
        *({name: text} for name in OURS for text in MALFORMED),
        *({**OURS, name: text} for name in OURS for text in MALFORMED),
    ]
