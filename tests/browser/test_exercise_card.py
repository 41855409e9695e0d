"""The cards of exercises, predictions and quiz questions, used as a learner does: by keyboard."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Response, expect

from helpers.engine.connection.client import find_client
from helpers.engine.docker import Docker
from helpers.launcher.jupyter_server import JupyterServer
from tests.browser.conftest import SharedPage
from tests.browser.lesson_page import LOAD_SECONDS, LessonPage, OpenCells, call_server

pytestmark = pytest.mark.browser

HTML = "<img src=x onerror=document.title='hacked'>"
QUESTION = f'''\
from helpers.model.course.prediction import Prediction
from helpers.notebook.predict import NotebookPrediction

choices = ("`0`", "`137`, which is 128 + 9", "{HTML}")
guess = NotebookPrediction(Prediction("97.a", "Which exit code after {HTML}?", "128 + 9.", choices))
guess'''
NUMBER = """\
guess = NotebookPrediction(Prediction("97.b", "How long does it take?", "Because.", unit="s"))
guess"""
QUIZ = """\
from helpers.model.course.quiz import Choice, QuizQuestion
from helpers.notebook.quiz import NotebookQuiz

right = Choice("isolated processes", "They run on the kernel of the host.", right=True)
wrong = Choice("a small virtual machine", "There is no second kernel: see `uname -r`.")
NotebookQuiz(QuizQuestion("97.q1", "A container is …", (wrong, right)))"""
EXERCISE = """\
from helpers import exercise

ex = exercise("00.1")
ex"""
CELLS = (EXERCISE, "ex.check();", QUESTION, NUMBER, QUIZ, "guess.value")


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """A check may take its eight seconds, and a page as long as it takes to load."""
    expect.set_options(timeout=LOAD_SECONDS * 1000)
    yield
    expect.set_options(timeout=5000)


@pytest.fixture
def page(open_cells: OpenCells) -> LessonPage:
    """A page whose notebook shows one card of each kind."""
    return open_cells("cards", CELLS, end="That is all.")


@pytest.fixture
def unused_page(shared_page: SharedPage, open_cells: OpenCells) -> LessonPage:
    """The same, with a kernel in which nothing was shown: what was, would be saved along."""
    shared_page.close()
    return open_cells("cards", CELLS, end="That is all.")


@pytest.fixture
def docker() -> Iterator[Docker]:
    """The engine, with no `greeter` before and after."""
    client, endpoint = find_client()
    docker = Docker(client, endpoint, "tests")
    yield docker
    docker.clean_up()
    client.close()


def save_with_widgets(page: LessonPage, lab: JupyterServer, text: str) -> None:
    """Saves the notebook until the file has the state of a widget that shows that text.

    JupyterLab gathers the state when a saving begins, and does not wait for it: what comes late
    makes the notebook one with changes, and the next saving writes it.
    """
    deadline = time.monotonic() + 60
    while text not in widget_state(lab, page.path):
        assert time.monotonic() < deadline, "the widgets' state was never saved"
        page.page.keyboard.press("Control+s")
        page.page.wait_for_timeout(250)


def widget_state(lab: JupyterServer, path: str) -> str:
    """What the notebook on the server keeps of its widgets, as text."""
    metadata = json.loads(call_server(lab, "GET", f"api/contents/{path}"))["content"]["metadata"]
    return json.dumps(metadata.get("widgets", {}))


def saved(response: Response) -> bool:
    """Whether it answers JupyterLab's saving of a notebook."""
    return response.request.method == "PUT" and "/api/contents/cards.ipynb" in response.url


def reload_until_restored(page: Page) -> None:
    """Opens the notebook again, three times at most, where JupyterLab's widget manager lost a race.

    Where the new kernel is connected before the notebook's own state is read, the manager counts as
    restored with nothing in it, and each widget says "model not found" until the page is reloaded.
    """
    shown, lost = page.locator(".jp-Notebook .wb-card"), page.get_by_text("model not found")
    for _ in range(3):
        expect(shown.or_(lost).first).to_be_visible()
        if shown.count():
            return
        page.reload()


def end_kernels(lab: JupyterServer) -> None:
    """Ends every kernel of that server."""
    for session in json.loads(call_server(lab, "GET", "api/sessions")):
        call_server(lab, "DELETE", f"api/sessions/{session['id']}")


def card(page: LessonPage, cell: int) -> Locator:
    """The card below that cell (from 1, after the title), once it is there."""
    page.run_cell(cell)
    view = page.cells.nth(cell).locator(".wb-card")
    expect(view).to_be_visible()
    return view


def press(page: LessonPage, target: Locator, key: str) -> None:
    """Reaches that element by keyboard focus and presses the key there."""
    target.focus()
    expect(target).to_be_focused()
    until_answered(target)
    page.page.keyboard.press(key)


def until_answered(button: Locator) -> None:
    """The card has its answer: until then it takes no further one, whatever it shows already."""
    expect(button).not_to_have_attribute("aria-disabled", "true")


def test_an_exercise_by_keyboard(page: LessonPage, docker: Docker) -> None:
    view = card(page, 1)
    mark, notes = view.locator(".wb-mark"), view.locator(".wb-note")
    expect(mark).to_have_text("○ not started")
    check = view.get_by_role("button", name="Check")
    press(page, check, "Enter")
    expect(notes).to_have_count(1)
    expect(notes.first).to_contain_text("There is no container named greeter yet.")
    expect(check).to_be_focused()

    docker.run("busybox:1.37", "true", name="greeter").wait()
    press(page, check, "Space")
    expect(mark).to_have_text("◐ not yet")
    expect(notes.first).to_contain_text("ended with exit code 0")

    page.page.keyboard.press("Tab")
    hint = view.get_by_role("button", name="Hint")
    expect(hint).to_be_focused()
    expect(hint).to_have_text("Hint 1 of 2")
    until_answered(hint)
    page.page.keyboard.press("Enter")
    expect(hint).to_have_text("Hint 2 of 2")
    until_answered(hint)
    page.page.keyboard.press("Enter")
    expect(notes.nth(2)).to_contain_text("docker rm --force greeter")
    press(page, view.get_by_role("button", name="Show a solution"), "Enter")
    expect(notes.nth(3).locator("pre")).to_contain_text("sleep 600")
    page.look("exercise")

    docker.clean_up()
    docker.run("busybox:1.37", "sleep 600", name="greeter")
    page.run_cell(2)
    expect(mark).to_have_text("● passed")
    expect(view.get_by_role("status").last).to_contain_text("greeter runs")
    page.look("exercise-passed")


def test_questions_by_keyboard(page: LessonPage) -> None:
    choices = card(page, 3)
    assert choices.locator("img").count() == 0
    assert page.page.title() != "hacked"
    press(page, choices.get_by_role("button"), "Enter")
    expect(choices.get_by_role("status").first).to_have_text("Give an answer first.")
    press(page, choices.get_by_role("radio").first, "Space")
    page.page.keyboard.press("ArrowDown")
    expect(choices.get_by_role("radio").nth(1)).to_be_checked()
    page.page.keyboard.press("Enter")
    expect(choices.locator(".wb-note")).to_contain_text("Your guess: 137, which is 128 + 9")

    number = card(page, 4)
    field = number.get_by_role("textbox", name="s")
    field.focus()
    page.page.keyboard.type("0,500")
    page.page.keyboard.press("Enter")
    expect(number.locator(".wb-note")).to_contain_text("Your guess: 0.5 s")
    field.fill("long")
    page.page.keyboard.press("Enter")
    expect(number.locator(".wb-note").last).to_contain_text("A guess here is a number, in s")
    field.fill("0,75")
    page.page.keyboard.press("Shift+Enter")
    expect(number.locator(".wb-note").first).to_contain_text("Your guess: 0.75 s")
    expect(number.locator(".wb-note")).to_have_count(1)
    expect(field).not_to_be_focused()
    page.run_cell(6)
    expect(page.cells.nth(6).locator(".jp-OutputArea-output").last).to_have_text("0.75")

    quiz = card(page, 5)
    quiz.get_by_role("radio").first.focus()
    page.page.keyboard.press("Space")
    page.page.keyboard.press("Enter")
    expect(quiz.locator(".wb-mark")).to_have_text("◐ not quite")
    page.screenshot("quiz-not-quite")
    page.page.keyboard.press("ArrowDown")
    page.page.keyboard.press("Enter")
    expect(quiz.locator(".wb-mark")).to_have_text("● right")
    expect(quiz.locator(".wb-note")).to_contain_text("the kernel of the host")
    page.look("questions")
    assert page.cells.count() == 2 + len(CELLS), "a key typed in a card was a command of JupyterLab"


def test_keys_in_a_card_are_its_own_and_commands_are_still_jupyterlabs(
    page: LessonPage, lab: JupyterServer
) -> None:
    view = card(page, 1)
    cells = page.cells.count()
    view.get_by_role("button", name="Hint").focus()
    for key in ("d", "d", "x", "b", "ArrowDown", "0", "0"):
        page.page.keyboard.press(key)
    assert page.cells.count() == cells
    expect(view.get_by_role("button", name="Hint")).to_be_focused()
    page.page.keyboard.press("Enter")
    expect(view.locator(".wb-note").last).to_contain_text("Hint 1 of 2")
    with page.page.expect_response(saved) as response:
        page.page.keyboard.press("Control+s")
    assert response.value.ok
    body = json.loads(call_server(lab, "GET", "api/contents/cards.ipynb"))["content"]
    assert "Hint 1 of 2" in json.dumps(body["metadata"]["widgets"]), (
        "it can be read without a kernel"
    )


@pytest.mark.parametrize("role", ["button", "textbox"])
def test_esc_leads_back_to_the_cell(page: LessonPage, role: Any) -> None:
    page.run_cell(3)
    inside = card(page, 4).get_by_role(role).first
    cells = page.cells.count()
    inside.focus()
    page.page.keyboard.press("b")
    assert page.cells.count() == cells
    page.page.keyboard.press("Escape")
    expect(inside).not_to_be_focused()
    page.page.keyboard.press("b")
    expect(page.cells).to_have_count(cells + 1)
    assert page.cells.nth(5).inner_text().strip() in ("", "[ ]:"), "it stands below the card's cell"
    page.delete_cell()


def test_a_saved_card_is_shown_again_by_another_kernel(
    unused_page: LessonPage, lab: JupyterServer
) -> None:
    page = unused_page
    press(page, card(page, 1).get_by_role("button", name="Hint"), "Enter")
    expect(page.notebook.locator(".wb-note").last).to_contain_text("Hint 1 of 2")
    save_with_widgets(page, lab, "Hint 1 of 2")
    page.page.close()
    end_kernels(lab)
    again = page.page.context.new_page()
    again.goto(lab.url("cards.ipynb"))
    reload_until_restored(again)
    expect(again.locator(".jp-Notebook .wb-card .wb-note").last).to_contain_text("Hint 1 of 2")
    again.close()


def test_a_card_of_a_reloaded_page_answers_as_before(page: LessonPage, lab: JupyterServer) -> None:
    hint = card(page, 1).get_by_role("button", name="Hint")
    press(page, hint, "Enter")
    expect(page.notebook.locator(".wb-note").last).to_contain_text("Hint 1 of 2")
    save_with_widgets(page, lab, "Hint 1 of 2")
    page.page.reload()
    page.wait_until_idle()
    again = page.notebook.locator(".wb-card")
    expect(again.locator(".wb-note").last).to_contain_text("Hint 1 of 2")
    press(page, again.get_by_role("button", name="Hint"), "Enter")
    expect(again.locator(".wb-note").last).to_contain_text("Hint 2 of 2")


def test_a_card_says_so_when_the_kernel_is_gone(page: LessonPage, lab: JupyterServer) -> None:
    view = card(page, 1)
    end_kernels(lab)
    press(page, view.get_by_role("button", name="Check"), "Enter")
    expect(view.get_by_role("status").first).to_contain_text("kernel")
