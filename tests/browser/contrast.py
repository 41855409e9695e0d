"""Whether the text of a page stands out from what is behind it: the backgrounds of its parents.

Text that is put over something else is left out, and so is that of pictures.
Source of the formula: WCAG 2.2, relative luminance and contrast ratio.
"""

from __future__ import annotations

from playwright.sync_api import Page

LEAST = 3.0  # what success criterion 1.4.3 asks of large text
_PALE_TEXTS = """([within, least]) => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
    const paint = (...colours) => {
        for (const colour of colours) {
            canvas.fillStyle = colour;
            canvas.fillRect(0, 0, 1, 1);
        }
        const [red, green, blue] = [...canvas.getImageData(0, 0, 1, 1).data].map(part => {
            const share = part / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const behind = element => element
        ? [...behind(element.parentElement), getComputedStyle(element).backgroundColor] : ["#fff"];
    const hasText = element => [...element.childNodes].some(
        node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    return [...document.querySelectorAll(`${within} *`)]
        .filter(element => element instanceof HTMLElement && hasText(element)
            && element.checkVisibility() && !element.closest(":disabled, style, script")
            && getComputedStyle(element).position !== "absolute")
        .map(element => {
            const colours = behind(element);
            const under = paint(...colours);
            const text = paint(...colours, getComputedStyle(element).color);
            const [dark, bright] = [under, text].sort((one, other) => one - other);
            return [element.textContent.slice(0, 40), (bright + 0.05) / (dark + 0.05)];
        })
        .filter(([, contrast]) => contrast < least);
}"""


def pale_texts(page: Page, within: str, least: float = LEAST) -> list[tuple[str, float]]:
    """The texts in elements of that selector with less contrast than that, and how much it is."""
    pale: list[list[float | str]] = page.evaluate(_PALE_TEXTS, [within, least])
    return [(str(text), round(float(contrast), 2)) for text, contrast in pale]
