"""What nbval says of a lesson that runs in the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbFile, NbCellError, get_sanitize_patterns

from tests.notebooks.nbval_run import SANITIZE


def differences(notebook: Path, kernel: RunningKernel, session: pytest.Session) -> list[str]:
    """nbval's words on each cell of that file whose output in this kernel is not the file's.

    After a cell that fails otherwise, the others would say the same: its words are the last.
    """
    file = IPyNbFile.from_parent(session, path=notebook)
    file.kernel = kernel
    file.sanitize_patterns.update(get_sanitize_patterns(SANITIZE.read_text(encoding="utf-8")))
    said = []
    try:
        for cell in file.collect():
            try:
                cell.runtest()
            except NbCellError as error:
                said.append(cell.repr_failure(pytest.ExceptionInfo.from_exception(error)))
                if str(error) != "Cell outputs differ":
                    break
    finally:
        kernel.stop()
    return said
