"""A notebook run from top to bottom in a fresh kernel, in memory: no file is written."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from helpers.engine.host.process_family import end_family
from helpers.errors import WorkbookError

CELL_SECONDS = 600
_LOOK_SECONDS = 0.2
_SHOWN = 2000  # characters of a dead kernel's last words
OnCell = Callable[[int, str], None]


@dataclass
class NotebookRun:
    """One run in `folder`; `at` is the cell that runs (from 0), `environment` is added to ours."""

    notebook: NotebookNode
    title: str
    folder: Path
    environment: Mapping[str, str]
    cell_seconds: int = CELL_SECONDS
    on_cell: OnCell = lambda number, line: None
    at: int = 0

    def execute(self) -> NotebookNode:
        """The notebook with the outputs of this run.

        Raises WorkbookError at the first cell that fails, naming it; KeyboardInterrupt on Ctrl-C.
        """
        with (
            tempfile.TemporaryDirectory(prefix="workbook-run-") as scratch,
            Path(scratch, "kernel.log").open("w+b") as kernel_words,
        ):
            try:
                _in_thread(self._client(), env=self._variables(scratch), stderr=kernel_words)
            except CellExecutionError as error:
                raise self._failed(f"{error.ename}: {error.evalue}") from None
            except CellTimeoutError:
                raise self._failed(f"It took longer than {self.cell_seconds} s.") from None
            except DeadKernelError:
                kernel_words.seek(0)
                words = kernel_words.read().decode(errors="replace").strip()
                raise self._failed(f"The kernel died.\n{words[-_SHOWN:]}".strip()) from None
        return self.notebook

    def _client(self) -> NotebookClient:
        return NotebookClient(
            self.notebook,
            timeout=self.cell_seconds,
            kernel_name="python3",
            resources={"metadata": {"path": str(self.folder)}},
            extra_arguments=["--log-level=ERROR"],
            record_timing=False,
            coalesce_streams=True,
            on_cell_start=self._note,
        )

    def _variables(self, scratch: str) -> dict[str, str]:
        """The kernel's variables; the learner's IPython settings and progress are left alone."""
        own = {"IPYTHONDIR": scratch, "WORKBOOK_PROGRESS": str(Path(scratch, "progress.jsonl"))}
        return {**os.environ, "JUPYTER_PREFER_ENV_PATH": "1", **own, **self.environment}

    def _note(self, cell: Any, cell_index: int) -> None:
        self.at = cell_index
        self.on_cell(cell_index, first_line(cell.source))

    def _failed(self, what: str) -> WorkbookError:
        cell = self.notebook.cells[self.at]
        where = f"cell {self.at + 1} of {len(self.notebook.cells)} (id {cell.get('id', '?')})"
        return WorkbookError(
            f"{self.title} stopped at {where}: {first_line(cell.source)}",
            "Open it with `./workbook lab` and run the cells up to that one.",
            excerpt=what,
        )


def first_line(source: str) -> str:
    """The first line of a cell that is neither empty nor a comment."""
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    return next((line for line in lines if not line.startswith("#")), lines[0] if lines else "")


def _in_thread(client: NotebookClient, **how: Any) -> None:
    """Runs the client beside the main thread, so that Ctrl-C comes here and ends the kernel."""
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(lambda: asyncio.run(client.async_execute(**how)))
        try:
            while not wait([running], timeout=_LOOK_SECONDS).done:
                continue
        except KeyboardInterrupt:
            if client.km is not None and (kernel := client.km.provisioner) is not None:
                end_family(getattr(kernel, "pid", 0) or 0, gently=False)
            wait([running])
            raise
        running.result()
