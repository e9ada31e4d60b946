"""`hedui sources list|check|new`: the registries, whether each holds, and a first YAML from a sample."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Annotated

import typer

from pipelines.base.errors import HeduiError, NotFound, SpecInvalid
from pipelines.cli.speech import say
from pipelines.run.told import aligned
from pipelines.run.trial import check_source, expected_records, pairs_root, trial
from pipelines.s1_land.readers.workbook import sheet_rows
from pipelines.sources.scaffold import Sample, headed, read_text_sample, source_suite, source_yaml
from pipelines.sources.spec import forget, load_spec, read_spec, roots, source_names, suite_path

app = typer.Typer(no_args_is_help=True, help="数据来源 / the registries' deliveries")
_TRAILER = "合计|总计|制表"


@app.command("list")
def list_sources() -> None:
    """列出各来源 / list the sources."""
    heads = (
        ("来源", "名称", "提供单位", "周期", "标准表", "报送方式")
        if say.lang.value == "zh"
        else ("source", "title", "publisher", "cadence", "table", "statement")
    )
    rows = []
    for name in source_names():
        spec = load_spec(name)
        title, publisher = (getattr(names, say.lang.value) for names in (spec.title, spec.publisher))
        rows.append((name, title, publisher, spec.cadence, "+".join(spec.tables), spec.statement))
    say.lines("  ".join(row).rstrip() for row in aligned([heads, *rows]))


@app.command("check")
def check(
    source: Annotated[str | None, typer.Argument(help="只检查一个来源 / one source only")] = None,
    file: Annotated[Path | None, typer.Option(help="用此文件试读 / try the source on this file")] = None,
) -> None:
    """检查定义、校验规则与样例；或用某文件试读 / check YAML, suites and test pair, or try a file."""
    if file:
        _try(source, file)
        return
    bad = [name for name in ([source] if source else source_names()) if not _holds(name)]
    if bad:
        raise SpecInvalid(f"not in order: {bad}", remedy="see the lines above")
    say("全部来源就绪。", "Every source is in order.")


@app.command("new")
def new(
    name: Annotated[str, typer.Argument(help="来源名 / name: a-z 0-9 _")],
    sample: Annotated[Path, typer.Option("--from", help="样例文件 / sample file: text or .xlsx")],
) -> None:
    """由样例生成来源定义、校验规则与测试对 / write the YAML, the suite and the test pair of a source from a sample."""
    if name in source_names():
        raise SpecInvalid(f"a source is called [{name}] already", remedy="choose another name")
    if not sample.is_file():
        raise NotFound("the sample does not exist", place=str(sample), remedy="check the path")
    read = _read(sample)
    text = source_yaml(name, read, sample.name)
    yaml_file, suite_file = roots()[-1] / f"{name}.yaml", suite_path(name)
    unfinished = yaml_file.with_suffix(".yaml.part")
    unfinished.write_text(text, encoding="utf-8")
    suite_file.parent.mkdir(parents=True, exist_ok=True)
    suite_file.write_text(source_suite(name, read), encoding="utf-8")
    try:
        done = trial(read_spec(unfinished), [sample])
        if done.refusal:
            raise done.refusal
        _write_pair(pairs_root() / name, sample, expected_records(done))
    except HeduiError:
        unfinished.unlink()
        suite_file.unlink()
        raise
    unfinished.replace(yaml_file)
    forget()
    made = f"{yaml_file}, {suite_file}, {pairs_root() / name}"
    say(f"已写 {made}", f"wrote {made}")
    say("请逐行决定标有 DECIDE 之处。", "Decide every line marked DECIDE.")


def _read(sample: Path) -> Sample:
    if sample.suffix.lower() not in (".xlsx", ".xls"):
        return read_text_sample(sample.read_bytes())
    rows = sheet_rows(sample.read_bytes(), sample.name)
    widest = max(sum(bool(cell.strip()) for cell in row["cells"]) for row in rows)
    header = next(row for row in rows if sum(bool(cell.strip()) for cell in row["cells"]) == widest)
    form = {"kind": "workbook", "header_row": header["no"], "trailer": _TRAILER}
    return headed(form, [tuple(row["cells"][:widest]) for row in rows if row["no"] >= header["no"]])


def _write_pair(folder: Path, sample: Path, records: list[dict[str, object]]) -> None:
    (folder / "extract").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(sample, folder / "extract" / sample.name)
    text = json.dumps(records, ensure_ascii=False, indent=2)
    (folder / "expected.json").write_text(text + "\n", encoding="utf-8")


def _holds(name: str) -> bool:
    try:
        say.plain(f"  ok   {name}: {check_source(name)}")
    except HeduiError as error:
        say.plain(f"  FAIL {name}: {error}")
        return False
    return True


def _try(source: str | None, file: Path) -> None:
    """What the source would do with the file."""
    if source is None or not file.is_file():
        raise NotFound(
            "no such file, or no source named",
            place=str(file),
            remedy="hedui sources check SOURCE --file FILE",
        )
    done = trial(load_spec(source), [file])
    if done.refusal:
        raise done.refusal
    say(f"可用：{done.usable} 条记录", f"usable: {done.usable} records")
    for rule, rows in done.quarantine:
        say(f"  隔离 {rule}: {rows}", f"  set aside {rule}: {rows}")
    for column, rows in done.unhandled:
        say(f"  无法识别 {column}: {rows}", f"  not understood {column}: {rows}")
