"""A widget's script: small ES modules put together into the one that a page can load.

A page loads a widget's script from a blob, where `import … from "./dom.js"` finds nothing: what
runs must be one file. What people read need not be. Each source is a real ES module, which browsers
and editors take as it is; the modules that a script imports are put before it here, each in a
function of its own, so that names do not meet. The line

    import { make, say as tell } from "./dom.js";    becomes    const { make, say: tell } = dom_js;

A style may lie beside each of them, a CSS file of the same name, and comes along.

Of ES modules these forms are known: such an import, from a file in the same folder or from
"../kit/dom.js", which all views share, and `export` before a function, a class or a const. Anything
else is a ValueError, and so are a circle of imports and a name that is not exported.
"""

from __future__ import annotations

import re
from pathlib import Path

_IMPORT = re.compile(
    r'^import \{([^}]*)\} from "(?:\./|\.\./(?=kit/))((?:kit/)?\w+\.js)";$', re.MULTILINE
)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|class|const) (\w+))", re.MULTILINE)
_ENTRIES = ("export default {", "export default () => {")
_OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def whole_script(path: Path) -> str:
    """The script at that path with all that it imports, as one ES module."""
    modules: dict[Path, str] = {}
    script = _with_imports(path, modules, ())
    return "\n".join([*modules.values(), script])


def whole_style(path: Path) -> str:
    """The styles of all that the script at that path imports, and its own; '' for none."""
    modules: dict[Path, str] = {}
    _with_imports(path, modules, ())
    styles = [module.with_suffix(".css") for module in (*modules, path)]
    return "\n".join(style.read_text(encoding="utf-8") for style in styles if style.exists())


def _with_imports(path: Path, modules: dict[Path, str], importers: tuple[str, ...]) -> str:
    """The text of the file, its imports as constants; what it imports is added to the modules."""
    if path.name in importers:
        raise ValueError(f"{path.name} imports itself: {' → '.join((*importers, path.name))}")
    text = path.read_text(encoding="utf-8")
    for names, imported in _IMPORT.findall(text):
        other = _beside(path, imported)
        if other not in modules:
            modules[other] = _module(other, modules, (*importers, path.name))
        _check_names(path, names, other)
    text = _IMPORT.sub(_constant, text)
    unknown = _OTHER.search(_EXPORT.sub("", text))
    if unknown and not (unknown[0].startswith(_ENTRIES) and not importers):
        raise ValueError(f"{path.name} has a line of a form that is not known: {unknown[0]}")
    return text


def _beside(path: Path, imported: str) -> Path:
    """The file that is meant: in the same folder, or in the kit beside it."""
    return (path.parent.parent if imported.startswith("kit/") else path.parent) / imported


def _module(path: Path, modules: dict[Path, str], importers: tuple[str, ...]) -> str:
    """The file as a constant that holds what it exports."""
    text = _with_imports(path, modules, importers)
    exported = ", ".join(_EXPORT.findall(text))
    body = _EXPORT.sub("", text)
    return (
        f"const {_constant_name(path.name)} = (() => {{\n{body}return {{ {exported} }};\n}})();\n"
    )


def _constant(match: re.Match[str]) -> str:
    names = match[1].replace(" as ", ": ")
    return f"const {{{names}}} = {_constant_name(Path(match[2]).name)};"


def _constant_name(file: str) -> str:
    return file.replace(".", "_")


def _check_names(path: Path, names: str, other: Path) -> None:
    wanted = {name.split(" as ")[0].strip() for name in names.split(",")} - {""}
    if unknown := wanted - set(_EXPORT.findall(other.read_text(encoding="utf-8"))):
        raise ValueError(f"{path.name} imports {sorted(unknown)}, not exported by {other.name}")
