"""What `scripts/translate` does; needs the project's environment."""

import argparse
import ast
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "bank" / "web"
CATALOGUE = WEB / "translations" / "en" / "LC_MESSAGES" / "messages.po"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
OPTIONS = {"**/templates/**.html": {"silent": "false", "trimmed": "true"}}
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "lazy_ngettext": (1, 2)}
CHINESE = re.compile("[\u3400-\u9fff]")
THE_SAME_DATE = datetime(2026, 1, 1, tzinfo=UTC)  # Otherwise two people who extract always disagree about a line.
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")
OWN_NAMES = {"中文"}  # The name of a language stands in that language.


def extracted() -> Catalog:
    """All texts of the code, without English."""
    header = "# English of the morality bank's texts; scripts/translate keeps this file."
    catalogue = Catalog(locale="en", header_comment=header, charset="utf-8", fuzzy=False)
    found = extract_from_dir(ROOT / "bank", METHODS, OPTIONS, KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True)
    for name, _line, message, comments, context in found:
        catalogue.add(message, None, [(f"bank/{Path(name).as_posix()}", None)], auto_comments=comments, context=context)
    return catalogue


def kept() -> Catalog:
    """The catalogue as it is in the project."""
    if not CATALOGUE.exists():
        return Catalog(locale="en")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def extract(english: dict[str, Any]) -> Catalog:
    """Write the catalogue anew: all texts of the code, with the English known before or given now."""
    old, new = kept(), extracted()
    for message in new:
        if not message.id:
            continue
        before = old.get(message.id, message.context)
        first = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
        given = english.get(first) or (before.string if before else message.string)
        message.string = (given, given) if message.pluralizable and isinstance(given, str) else given
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    new.creation_date = new.revision_date = THE_SAME_DATE
    with CATALOGUE.open("wb") as file:
        write_po(file, new, width=120, sort_output=True, include_lineno=False)
    return new


def compile_catalogue() -> None:
    """Write the binary catalogue beside the text."""
    with CATALOGUE.with_suffix(".mo").open("wb") as file:
        write_mo(file, kept())


def problems() -> Iterator[str]:
    """Everything that is wrong with the texts, one line each."""
    in_code, in_catalogue = extracted(), kept()
    known = {(message.id, message.context) for message in in_catalogue if message.id}
    for message in in_code:
        if message.id and (message.id, message.context) not in known:
            yield f"not in the catalogue (run scripts/translate extract): {message.id}"
    for message in in_catalogue:
        if message.id:
            yield from _problems_of(message, in_code)
    yield from (f"obsolete: {message}" for message in in_catalogue.obsolete)
    yield from _stray_chinese()


def _problems_of(message: Message, in_code: Catalog) -> Iterator[str]:
    if in_code.get(message.id, message.context) is None:
        yield f"no longer in the code: {message.id}"
    if message.fuzzy:
        yield f"fuzzy: {message.id}"
    ids = message.id if isinstance(message.id, (list, tuple)) else (message.id,)
    strings = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
    if not all(strings):
        yield f"without English: {message.id}"
    elif any(CHINESE.search(each) for each in strings if each not in OWN_NAMES):
        yield f"English with Chinese in it: {message.id}"
    elif _placeholders(strings[-1]) != _placeholders(ids[-1]) or any(
        _placeholders(each) - _placeholders(ids[-1]) for each in strings
    ):
        yield f"other placeholders in English: {message.id}"  # Only a singular may do without its number.


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def _stray_chinese() -> Iterator[str]:
    texts = {each for message in extracted() for each in ([message.id] if isinstance(message.id, str) else message.id)}
    readers = {".py": _texts_of_python, ".html": _texts_of_template, ".js": _lines}
    for path in sorted(each for each in WEB.rglob("*") if each.suffix in readers):
        for line, text in readers[path.suffix](path):
            if CHINESE.search(text) and text not in texts | OWN_NAMES:
                yield f"{path.relative_to(ROOT)}:{line}: Chinese outside _(): {text.strip()[:60]}"


def _texts_of_python(path: Path) -> Iterator[tuple[int, str]]:
    tree = ast.parse(path.read_text("utf-8"))
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.lineno, node.value


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    yield from enumerate(path.read_text("utf-8").splitlines(), 1)


def _texts_of_template(path: Path) -> Iterator[tuple[int, str]]:
    for line, kind, text in Environment(autoescape=True).lex(path.read_text("utf-8")):
        if kind == "string":
            yield line, text[1:-1]
        elif kind == "data":
            yield from ((line, each) for each in re.findall("[^<>]+", text))


def main() -> int:
    """Run one command; 0 when all is well."""
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    parser = argparse.ArgumentParser(prog="scripts/translate")
    parser.add_argument("command", choices=("extract", "fill", "check", "compile"))
    parser.add_argument("file", nargs="?", type=Path)
    options = parser.parse_args()
    if options.command == "check":
        found = list(dict.fromkeys(problems()))
        print("\n".join(found) or "Every text has its English.")
        return 1 if found else 0
    if options.command == "compile":
        compile_catalogue()
        return 0
    english: dict[str, Any] = json.loads(options.file.read_text("utf-8")) if options.command == "fill" else {}
    catalogue = extract(english)
    compile_catalogue()
    unknown = [text for text in english if catalogue.get(text) is None]
    for text in unknown:
        print(f"not in the code: {text}")
    print(f"{sum(1 for message in catalogue if message.id and not message.string)} of {len(catalogue)} texts without English.")
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
