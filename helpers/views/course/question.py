"""Predictions and quiz questions to look at: asked, answered, and set beside what really came."""

from __future__ import annotations

from html import escape

from helpers.model.course.prediction import Comparison, Guess, Prediction, plain
from helpers.model.course.quiz import Choice, QuizQuestion
from helpers.views.kit.inert import inert_html
from helpers.views.kit.live_card import CardContent, Form
from helpers.views.kit.marked import folded_html, marked_html
from helpers.views.kit.page import Page, alert, box, table

RIGHT, NOT_RIGHT = "● right", "◐ not quite"


def prediction_page(prediction: Prediction) -> Page:
    """The question with its choices, before the experiment."""
    call = f"guess.answer({1 if prediction.choices else '…'})"
    unit = f"A number, in {prediction.unit}." if prediction.unit else ""
    return _asked_page(
        f"Take a guess, {prediction.key}", prediction.question, prediction.choices, unit, call
    )


def prediction_content(prediction: Prediction) -> CardContent:
    """The same for a live card."""
    form = Form(prediction.question, prediction.choices, prediction.unit)
    return CardContent(f"Take a guess, {prediction.key}", (("answer", "Keep my guess"),), form=form)


def quiz_page(question: QuizQuestion) -> Page:
    """The question with its choices; the answer and all reasons are folded away."""
    texts = tuple(choice.text for choice in question.choices)
    reasons = "".join(
        f"<li>{RIGHT if choice.right else NOT_RIGHT}: {marked_html(choice.reason)}</li>"
        for choice in question.choices
    )
    fold = folded_html("The answer, with reasons", f"<ol>{reasons}</ol>")
    title = f"Question {question.key}"
    return _asked_page(title, question.question, texts, "", "q.answer(1)", fold)


def quiz_content(question: QuizQuestion) -> CardContent:
    """The same for a live card."""
    texts = tuple(choice.text for choice in question.choices)
    form = Form(question.question, texts)
    return CardContent(f"Question {question.key}", (("answer", "Answer"),), form=form)


def _asked_page(
    title: str, question: str, choices: tuple[str, ...], unit: str, call: str, fold: str = ""
) -> Page:
    items = "".join(f"<li>{marked_html(choice)}</li>" for choice in choices)
    answers = f"<ol>{items}</ol>" if choices else f"<p>{marked_html(unit)}</p>"
    html = (
        f"<p><b>{inert_html(title)}</b></p><p>{marked_html(question)}</p>{answers}"
        f"<p><code>{escape(call)}</code></p>{fold}"
    )
    numbered = [f"  {at}. {choice}" for at, choice in enumerate(choices, 1)]
    return Page(box("info", html), "\n".join([title, question, *(numbered or [unit]), call]))


def kept_lines(prediction: Prediction, guess: Guess) -> tuple[str, ...]:
    """That a guess is kept, and what becomes of it."""
    return (
        f"Your guess: {amount(guess, prediction.unit)}",
        "Now try it, and see what the engine really does.",
    )


def kept_page(prediction: Prediction, guess: Guess, *more: str) -> Page:
    """The same as a page; `more` are further lines."""
    return alert("info", *kept_lines(prediction, guess), *more)


def choice_lines(choice: Choice) -> tuple[str, ...]:
    """Whether that choice is right, and why or why not."""
    return (RIGHT if choice.right else NOT_RIGHT, choice.text, choice.reason)


def choice_page(choice: Choice, *more: str) -> Page:
    """The same as a page; `more` are further lines."""
    return alert("success" if choice.right else "warning", *choice_lines(choice), *more)


def comparison_page(comparison: Comparison) -> Page:
    """Guess and observation side by side, how far they are apart, and the explanation."""
    prediction = comparison.prediction
    rows = [
        ("your guess", _shown(comparison.guess, prediction, "none this time")),
        ("what happened", _shown(comparison.observed, prediction, "n/a: the engine does not tell")),
    ]
    beside = table(("", plain(prediction.question)), rows)
    words = comparison_line(comparison)
    text = f"{words} {prediction.explanation}".strip()
    html = f"{beside.html}<p>{marked_html(text)}</p>"
    return Page(html, f"{beside.text}\n{text}")


def comparison_line(comparison: Comparison) -> str:
    """How far the guess is from what happened, in words."""
    if comparison.guess is None:
        return "No guess was kept, which is fine; the next one is waiting."
    if comparison.observed is None:
        return "Your guess can't be compared this time."
    if not comparison.difference:
        return "Just as you guessed." if comparison.agrees else "It came out differently."
    unit, ratio = comparison.prediction.unit, comparison.ratio
    more = "more" if comparison.difference > 0 else "less"
    apart = f"{amount(abs(comparison.difference), unit)} {more} than your guess"
    times = f", which was off by a factor of {amount(ratio)}" if ratio and ratio >= 2 else ""
    return f"{'Close: ' if comparison.agrees else ''}{apart}{times}."


def amount(value: Guess, unit: str = "") -> str:
    """A choice as it is; a number with three figures that count, and its unit."""
    if isinstance(value, str):
        return value
    unit = unit.removesuffix("s") if value == 1 and len(unit) > 1 else unit
    whole = value == round(value) or abs(value) >= 1000
    return f"{value:,.0f} {unit}".strip() if whole else f"{value:.3g} {unit}".strip()


def _shown(value: Guess | None, prediction: Prediction, missing: str) -> str:
    return missing if value is None else plain(amount(value, prediction.unit))
