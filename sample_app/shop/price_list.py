"""What things cost, in cents."""

USUAL = {"tea": 250, "coffee": 320, "cake": 410}
MAX_CENTS = 1_000_000


def price_list(text: str) -> dict[str, int]:
    """The prices in 'tea=250, coffee=320'; the usual ones of an empty text; else ValueError."""
    if not text.strip():
        return dict(USUAL)
    pairs = [pair.partition("=") for pair in text.split(",")]
    return {_name(name): _cents(cents) for name, _, cents in pairs}


def _name(text: str) -> str:
    if name := text.strip():
        return name
    raise ValueError("a name is missing")


def _cents(text: str) -> int:
    digits = text.strip()
    if digits.isascii() and digits.isdigit() and len(digits) <= 7 and int(digits) <= MAX_CENTS:
        return int(digits)
    raise ValueError(f"{digits!r} is no whole number from 0 to {MAX_CENTS}")
