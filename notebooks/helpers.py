"""`from helpers import …` in a notebook of this folder, whoever started its kernel.

JupyterHub, VS Code and CI start it here, and the package of that name stands one folder up.
"""

import sys
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
# The package takes this file's place: an import gives what stands here at its end.
del sys.modules[__name__]
import_module(__name__)
