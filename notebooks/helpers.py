"""`from helpers import …` in a notebook of this folder, whoever started its kernel.

JupyterHub, VS Code and CI start it here, and the package of that name stands one folder up; in a
copy of this folder, wherever else Python finds it.
"""

import sys
from importlib import import_module
from pathlib import Path

_here = Path(__file__).resolve().parent
_before = sys.path[:]
sys.path[:] = [str(_here.parent), *(path for path in _before if Path(path).resolve() != _here)]
# The package takes this file's place: an import gives what stands here at its end.
del sys.modules[__name__]
try:
    import_module(__name__)
finally:
    sys.path[:] = _before
