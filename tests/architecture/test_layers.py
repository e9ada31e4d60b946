"""The layers hold, rules hold no numbers, SQL is one statement with a header, files stay small."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = sorted([*(ROOT / "pipelines").rglob("*.py"), *(ROOT / "dags").rglob("*.py")])
SQL = sorted(path for path in (ROOT / "sql").rglob("*.sql"))
RULES = sorted((ROOT / "pipelines" / "s5_assess" / "rules").glob("*.py"))


def test_imports_run_downward_only() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_a_rule_holds_no_number_but_nought_and_one(path: Path) -> None:
    numbers = [
        node.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, (int, float))
        and not isinstance(node.value, bool)
    ]
    assert set(numbers) <= {0, 1}


@pytest.mark.parametrize("path", SQL, ids=lambda path: path.relative_to(ROOT / "sql").as_posix())
def test_a_sql_file_is_one_statement_under_a_header_that_says_its_grain(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("--")
    header = " ".join(line for line in text.splitlines() if line.startswith("--"))
    assert re.search(r"one row|grain", header, re.IGNORECASE)
    body = "\n".join(line.split("--")[0] for line in text.splitlines()).strip().rstrip(";")
    assert ";" not in body


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_module_says_what_it_is_and_stays_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree) or not tree.body or path.name == "__main__.py"
    assert text.count("\n") <= 300
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert (node.end_lineno or 0) - node.lineno < 60, node.name


def test_the_stand_alone_verifier_knows_nothing_of_the_product_and_is_imported_by_nobody() -> None:
    alone = ROOT / "pipelines" / "lineage" / "hedui_verify.py"
    tree = ast.parse(alone.read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    roots = {name.split(".")[0] for name in imported}
    assert roots <= {*sys.stdlib_module_names, "cryptography"}
    for path in PYTHON:
        assert not re.search(
            r"^\s*(from|import) .*\bhedui_verify\b", path.read_text(encoding="utf-8"), re.MULTILINE
        )


@pytest.mark.parametrize(
    "stage", ["s2_standardise", "s3_validate", "s4_link", "s5_assess", "s6_flag", "s7_report", "wording"]
)
def test_no_stage_reads_a_clock(stage: str) -> None:
    for path in (ROOT / "pipelines" / stage).rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\b(now|today|utcnow|time\.time|perf_counter)\(", text), path


def test_the_words_the_product_avoids_are_nowhere_shown() -> None:
    for path in [*(ROOT / "pipelines").rglob("*.po"), *(ROOT / "pipelines").rglob("*.j2"), *PYTHON]:
        assert not re.search("违规|骗保|黑名单", path.read_text(encoding="utf-8")), path
