"""Print the figures of the package's structure, with their limits: python -m tests.structure."""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "leia_nb"
FILES = sorted(PACKAGE.rglob("*.py"))
PROSE = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]

DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

# Phrases that a reader has to translate first. GLOSSARY.md has the terms to use instead.
ODD_PHRASES = re.compile(
    r"\b(?:is|are|has|was) no (?!longer|more|other|such|need|way|one\b|reason|limit|effect)[a-z]+"
    r"|\b(?:makes? no sense|in itself|for ever|half a character|cannot be sought|no truth)\b"
    r"|\b(?:hold still|start\w* anew|is told|what it told|the words of|people say them)\b"
    r"|\bwhere one belongs\b|\bnothing is given\b|\bthe same holds for\b",
    re.IGNORECASE,
)
# Module names that say nothing to a newcomer.
ODD_NAMES = re.compile(
    r"answers|arriving|asked|asking|beside|cards|companion|crew|face|filling|gate|held|hiding|ink"
    r"|lost|made|making|modules|orders|outcome|pairs|places|refusals|ruling|served|settling"
    r"|sharing|thinning|ticks|toolkit|troubles|whose|wire|words"
)


@dataclass(frozen=True)
class Figure:
    """A measured property of the package and the largest value allowed."""

    name: str
    value: float
    limit: float
    where: str = ""

    @property
    def met(self) -> bool:
        return self.value <= self.limit

    def __str__(self) -> str:
        verdict = "ok  " if self.met else "MISS"
        where = f" ({self.where})" if self.where else ""
        return f"{verdict} {self.name}: {self.value:,g}, at most {self.limit:,g}{where}"


def figures() -> list[Figure]:
    """Measure the package as it is on disk."""
    entries = [path.stem for path in [*PACKAGE.glob("*.py"), *PACKAGE.glob("*/__init__.py")]]
    modules = [path for path in FILES if path.parent == PACKAGE]
    length, largest = max((_line_count(path), _relative(path)) for path in FILES)
    longest, function = max(_function_lengths())
    service = [path for path in FILES if "service" in path.parts]
    odd = list(_odd_lines())
    names = [_relative(path) for path in FILES if ODD_NAMES.fullmatch(path.stem)]
    return [
        Figure("modules at the package's root", len(modules), 8),
        Figure("modules and packages at the package's root", len(entries), 18),
        Figure("lines of the largest file", length, 400, largest),
        Figure("lines of the longest function", longest, 50, function),
        Figure("lines of code", _code_lines(FILES), 20_400),
        Figure("docstring lines per code line in service", _docstring_ratio(service), 0.25),
        Figure("lines with odd phrases", len(odd), 15, " ".join(odd[:5])),
        Figure("files with odd names", len(names), 0, " ".join(names)),
    ]


def _relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _docstring_lines(node: ast.AST) -> int:
    """Return the number of lines of the node's own docstring."""
    if not isinstance(node, DOCUMENTED) or ast.get_docstring(node) is None:
        return 0
    docstring = node.body[0]
    return (docstring.end_lineno or docstring.lineno) - docstring.lineno + 1


def _all_docstring_lines(paths: list[Path]) -> int:
    return sum(_docstring_lines(node) for path in paths for node in ast.walk(_parsed(path)))


def _code_lines(paths: list[Path]) -> int:
    """Count the lines that are neither blank nor part of a docstring."""
    lines = (line for path in paths for line in path.read_text(encoding="utf-8").splitlines())
    return sum(bool(line.strip()) for line in lines) - _all_docstring_lines(paths)


def _docstring_ratio(paths: list[Path]) -> float:
    return round(_all_docstring_lines(paths) / _code_lines(paths), 2)


def _function_lengths() -> Iterator[tuple[int, str]]:
    for path in FILES:
        for node in ast.walk(_parsed(path)):
            if isinstance(node, FUNCTIONS):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                yield length - _docstring_lines(node), f"{_relative(path)}:{node.lineno}"


def _odd_lines() -> Iterator[str]:
    for path in [*FILES, *PROSE]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if ODD_PHRASES.search(line):
                yield f"{_relative(path)}:{number}"


if __name__ == "__main__":
    measured = figures()
    sys.stdout.writelines(f"{figure}\n" for figure in measured)
    sys.exit(not all(figure.met for figure in measured))
