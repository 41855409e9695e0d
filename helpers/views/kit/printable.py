"""Names made fit to be shown: nothing in them is invisible or turns the text round."""

from __future__ import annotations


def shown(name: str, longest: int = 0) -> str:
    """The name with what cannot be seen, or would turn the text round, written out: `\\xff`.

    It is shortened where it is longer than that.
    """
    text = name if name.isprintable() else "".join(map(_shown_character, name))
    return f"{text[: longest - 1]}…" if longest and len(text) > longest else text


def _shown_character(character: str) -> str:
    code = ord(character)
    if character.isprintable():
        return character
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is no UTF-8, as surrogateescape keeps it
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
