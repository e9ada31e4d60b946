"""`hedui check`: one household on demand says what its month said, by the same code."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from pipelines.run.assessing import assessed_of
from pipelines.run.checking import check
from pipelines.run.published import published_run, read_table
from tests.e2e.village import terminal
from tests.fixtures.city import MONTH, DoneMonth

pytestmark = pytest.mark.xdist_group("month")

SHOWN = ("exit_suggested", "decrease_suggested", "increase_suggested", "cannot_verify", "keep")


def about(table: pa.Table, household_id: str) -> pa.Table:
    return table.filter(pc.equal(table["household_id"], household_id))


def of_outcome(done_month: DoneMonth, outcome: str) -> str:
    households = read_table(published_run(MONTH, done_month.where), "assessed_household")
    found: str = households.filter(pc.equal(households["outcome"], outcome))["household_id"][0].as_py()
    return found


@pytest.mark.parametrize("outcome", SHOWN)
def test_a_household_on_demand_comes_out_as_in_its_month(done_month: DoneMonth, outcome: str) -> None:
    run = published_run(MONTH, done_month.where)
    household_id = of_outcome(done_month, outcome)
    assessed, _ = assessed_of(run, household_id)
    assert assessed.households.equals(about(read_table(run, "assessed_household"), household_id))
    assert assessed.lines.equals(about(read_table(run, "assessed_line"), household_id))


def test_the_terminal_shows_lines_next_step_and_reasons(
    done_month: DoneMonth, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    household_id = of_outcome(done_month, "increase_suggested")
    hedui = terminal(monkeypatch, capsys)
    home = done_month.where["home"]
    code, said = hedui("check", "--household", household_id, "--month", MONTH, "--home", home)
    assert code == 0
    assert "Suggested next step: Check whether to raise" in said
    assert "Paid less than is certainly due: to be checked" in said
    assert "was paid for the month" in said
    chinese = "\n".join(check(household_id, MONTH, done_month.where, "zh"))
    assert "核实是否增发" in chinese
    assert "违规" not in chinese


def test_a_household_nobody_knows_is_an_error_with_a_remedy(
    done_month: DoneMonth, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hedui = terminal(monkeypatch, capsys)
    code, said = hedui("check", "--household", "H-NOBODY", "--home", done_month.where["home"])
    assert code == 33
    assert "no household is called [H-NOBODY]" in said
    assert "the ids stand on the report" in said
