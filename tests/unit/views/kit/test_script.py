"""A widget's script is put together from real ES modules, and stands alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from helpers.views.kit import script
from helpers.views.kit.script import whole_script, whole_style

VIEWS = Path(script.__file__).parents[1]
SOURCES = sorted(VIEWS.rglob("*.js"))
SCRIPTS = [path for path in SOURCES if "export default " in path.read_text(encoding="utf-8")]
HTML = ("innerHTML", "insertAdjacent", "outerHTML", "document.write", "eval(", "new Function")
ELSEWHERE = ("import ", "import(", "http:", "https:", "fetch", "@import", "url(")
SVG_NAMESPACE = "http://www.w3.org/2000/svg"  # a name, from which nothing is loaded


def sources(folder: Path, **texts: str) -> Path:
    """The folder's entry.js; `a="…"` writes a.js beside it."""
    for name, text in texts.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder / "entry.js"


def test_imports_become_constants_in_the_order_of_need(tmp_path: Path) -> None:
    entry = sources(
        tmp_path,
        entry='import { b } from "./b.js";\nimport { a as first } from "./a.js";\n'
        "export default { render: () => [first, b] };\n",
        b='import {\n  a,\n} from "./a.js";\nconst mine = 2;\nexport const b = a + mine;\n',
        a="const mine = 1;\nexport const a = mine;\n",
    )
    assert whole_script(entry) == (
        "const a_js = (() => {\nconst mine = 1;\nconst a = mine;\nreturn { a };\n})();\n"
        "\n"
        "const b_js = (() => {\nconst {\n  a,\n} = a_js;\nconst mine = 2;\nconst b = a + mine;\n"
        "return { b };\n})();\n"
        "\n"
        "const { b } = b_js;\nconst { a: first } = a_js;\n"
        "export default { render: () => [first, b] };\n"
    )


def test_each_kind_of_export_is_handed_on(tmp_path: Path) -> None:
    kinds = ("function f() {}", "async function g() {}", "class K {}", "const c = 1;")
    module = "\n".join(f"export {kind}" for kind in kinds)
    entry = sources(tmp_path, entry='import { f, g, K, c } from "./m.js";\n', m=module + "\n")
    assert "return { f, g, K, c };" in whole_script(entry)
    assert "export" not in whole_script(entry)


def test_a_script_that_imports_nothing_stays_as_it_is(tmp_path: Path) -> None:
    text = 'const words = "import nothing";\nexport default { render() {} };\n'
    assert whole_script(sources(tmp_path, entry=text)) == text


@pytest.mark.parametrize(
    "line",
    [
        'import all from "./m.js";',
        'import * as all from "./m.js";',
        'import "./m.js";',
        'import { a } from "https://cdn.example/m.js";',
        'import { a } from "../m.js";',
        "import { a } from './m.js';",
        "export let a = 1;",
        "export { a };",
        'export * from "./m.js";',
    ],
)
def test_other_forms_are_refused_with_the_line(tmp_path: Path, line: str) -> None:
    entry = sources(tmp_path, entry=f"{line}\n", m="export const a = 1;\n")
    with pytest.raises(ValueError, match=re.escape(f"entry.js has a line of a form that is not known: {line}")):  # fmt: skip # noqa: E501
        whole_script(entry)


def test_a_script_cannot_be_imported(tmp_path: Path) -> None:
    entry = sources(tmp_path, entry='import {} from "./m.js";\n', m="export default { a };\n")
    with pytest.raises(ValueError, match=r"m\.js has a line of a form that is not known"):
        whole_script(entry)


def test_a_circle_and_a_name_that_is_not_there_are_told(tmp_path: Path) -> None:
    circle = {
        "a": 'import { b } from "./b.js";\nexport const a = 1;\n',
        "b": 'import { a } from "./a.js";\nexport const b = 1;\n',
    }
    entry = sources(tmp_path, entry='import { a } from "./a.js";\n', **circle)
    with pytest.raises(ValueError, match=r"imports itself: entry\.js → a\.js → b\.js → a\.js"):
        whole_script(entry)
    entry = sources(tmp_path, entry='import { c } from "./c.js";\n', c="const c = 1;\n")
    with pytest.raises(ValueError, match=r"entry\.js imports \['c'\], not exported by c\.js"):
        whole_script(entry)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_each_script_stands_alone(path: Path) -> None:
    text = whole_script(path).replace(SVG_NAMESPACE, "")
    assert [word for word in ELSEWHERE if word in text] == []
    assert text.count("export default ") == 1


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_each_source_is_small_and_sets_no_html(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [word for word in HTML if word in text] == []
    assert text.count("\n") <= 260, f"{path.name} is long"


def test_the_styles_of_what_is_imported_come_first(tmp_path: Path) -> None:
    entry = sources(
        tmp_path,
        entry='import { a } from "./a.js";\nexport default { a };\n',
        a='import { b } from "./b.js";\nexport const a = b;\n',
        b="export const b = 1;\n",
    )
    assert whole_style(entry) == ""
    for name in ("entry", "b"):
        (tmp_path / f"{name}.css").write_text(f".{name} {{ margin: 0; }}\n", encoding="utf-8")
    assert whole_style(entry) == ".b { margin: 0; }\n\n.entry { margin: 0; }\n"


def test_a_style_belongs_to_a_script_and_loads_nothing() -> None:
    styles = sorted(VIEWS.rglob("*.css"))
    assert [path.name for path in styles if path.with_suffix(".js") not in SOURCES] == []
    for path in styles:
        assert [word for word in ELSEWHERE if word in path.read_text(encoding="utf-8")] == [], path
