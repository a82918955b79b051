"""`gkxl compare` as users run it: two rule files over a book, two books under a rule file; all points worked out by hand."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from story_books import make_book

from gkxl import Book, flow
from gkxl.apps import cli
from gkxl.diagnostics import Source
from gkxl.periods import Period, PeriodKind
from gkxl.report.moves import compare
from gkxl.values import add

ROOT = Path(__file__).resolve().parents[2]
WORKBOOKS = ROOT / "workbooks"
STORIES = ROOT / "tests" / "cases" / "stories"

RULES = """考评 试
对象 单位表的单位
周期 年 2025
缺数据 报错
迟报 = 单位表 的 迟报
采用 = 单位表 的 采用
指标 报送
  每迟报1次扣2分。
  每采用1篇加1分,最多加5分。
按总分排名,并列同名次(后续顺延)。
5分及以上为优秀,其余为一般。
"""
# 甲局: 7 adopted, at most 5: 5. 乙局: -2 + 3 = 1. 丙局: 5. 丁局: -4 + 4 = 0. Places 1, 3, 1, 4; 甲局 and 丙局 are 优秀.
BOOK = "[单位表]\n单位 | 迟报 | 采用\n甲局 | 0 | 7\n乙局 | 1 | 3\n丙局 | 0 | 5\n丁局 | 2 | 4\n"
MILDER = RULES.replace("扣2分", "扣1分").replace("最多加5分", "最多加6分")
# 甲局: 6. 乙局: -1 + 3 = 2. 丙局: 5. 丁局: -2 + 4 = 2. Places 1, 3, 2, 3.
LATER = "[单位表]\n单位 | 迟报 | 采用\n甲局 | 0 | 7\n乙局 | 0 | 3\n丙局 | 0 | 5\n戊局 | 0 | 1\n"
# 乙局: 3 instead of 1, still 3rd. 丁局 is gone, 戊局 has 1.


@pytest.fixture
def run(tmp_path, monkeypatch, capsys) -> Callable[..., tuple[int, str, str]]:
    """Runs a command in a folder of its own; gives its exit code, output and messages."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.setenv("COLUMNS", "200")
    for name, text in (("old.gk", RULES), ("new.gk", MILDER)):
        Path(name).write_text(text, encoding="utf-8")
    for name, text in (("book.xlsx", BOOK), ("later.xlsx", LATER)):
        Path("book.txt").write_text(text, encoding="utf-8")
        make_book(Path("book.txt"), Path(name))

    def command(*args: object) -> tuple[int, str, str]:
        code = cli.run([str(arg) for arg in args])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return command


def test_two_rule_files(run) -> None:
    code, out, err = run("compare", "old.gk", "new.gk", "book.xlsx")
    assert (code, err) == (1, "")
    assert (
        out
        == """\
试 2025
4个单位有变动,0个不变

丁局  总分 0 → 2 (+2)  名次 4 → 3  等次 一般
  报送  0 → 2
    - 每迟报1次扣2分。  (old.gk:8)  -4
      迟报2次,每次扣2分,扣4分
    + 每迟报1次扣1分。  (new.gk:8)  -2
      迟报2次,每次扣1分,扣2分

甲局  总分 5 → 6 (+1)  名次 1  等次 优秀
  报送  5 → 6
    - 每采用1篇加1分,最多加5分。  (old.gk:9)  5
      采用7篇,每篇加1分,应加7分,最多加5分,加5分
    + 每采用1篇加1分,最多加6分。  (new.gk:9)  6
      采用7篇,每篇加1分,应加7分,最多加6分,加6分

乙局  总分 1 → 2 (+1)  名次 3  等次 一般
  报送  1 → 2
    - 每迟报1次扣2分。  (old.gk:8)  -2
      迟报1次,每次扣2分,扣2分
    + 每迟报1次扣1分。  (new.gk:8)  -1
      迟报1次,每次扣1分,扣1分

名次或等次随其他单位变动:丙局 1 → 2

各句规则的影响
报送  +3  2个单位
  - 每迟报1次扣2分。  (old.gk:8)
  + 每迟报1次扣1分。  (new.gk:8)
报送  +1  1个单位
  - 每采用1篇加1分,最多加5分。  (old.gk:9)
  + 每采用1篇加1分,最多加6分。  (new.gk:9)

"""
    )


def test_two_rule_files_as_json(run) -> None:
    code, out, _ = run("compare", "old.gk", "new.gk", "book.xlsx", "--format", "json")
    found = json.loads(out)
    assert code == 1
    assert (found["schema"], found["moves"], found["differ"]) == ("gkxl.compare/1", True, [])
    assert (found["old"]["rules"]["path"], found["new"]["rules"]["path"]) == ("old.gk", "new.gk")
    (period,) = found["periods"]
    assert (period["period"], period["came"], period["gone"], period["unmoved"]) == ("2025", [], [], 0)
    assert [unit["unit"] for unit in period["units"]] == ["丁局", "甲局", "乙局", "丙局"]
    first, *_, last = period["units"]
    assert first["total"] == {"old": "0", "new": "2", "change": "2"}
    assert first["rank"] == {"old": 4, "new": 3}
    assert first["indicators"] == [{"name": "报送", "old": "0", "new": "2", "change": "2"}]
    (cause,) = first["causes"]
    assert (cause["old"]["rule"], cause["old"]["line"], cause["old"]["points"]) == ("每迟报1次扣2分。", 8, "-4")
    assert (cause["new"]["rule"], cause["change"]) == ("每迟报1次扣1分。", "2")
    assert (last["with_others"], last["causes"], last["rank"]) == (True, [], {"old": 1, "new": 2})
    assert [(one["units"], one["up"], one["down"]) for one in found["rules"]] == [(2, "3", "0"), (1, "1", "0")]


def test_two_books(run) -> None:
    code, out, err = run("compare", "book.xlsx", "later.xlsx", "old.gk")
    assert (code, err) == (1, "")
    assert (
        out
        == """\
试 2025
1个单位有变动,2个不变
新增的单位:戊局 1
不再有的单位:丁局 0

乙局  总分 1 → 3 (+2)  名次 3  等次 一般
  报送  1 → 3
    每迟报1次扣2分。  +2
    - 迟报1次,每次扣2分,扣2分
    + 迟报0次,每次扣2分,不扣分
      迟报 1 → 0  单位表!B3

各句规则的影响
报送  +2  1个单位
  每迟报1次扣2分。  (8)

"""
    )


def test_as_markdown(run) -> None:
    code, out, _ = run("compare", "book.xlsx", "later.xlsx", "old.gk", "--format", "markdown")
    assert code == 1
    assert "| 单位 | 总分 | 变动 | 名次 | 等次 |\n|---|---:|---:|---:|---|\n| 乙局 | 1 → 3 | +2 | 3 | 一般 |\n" in out
    assert "新增的单位:戊局 1" in out


def test_nothing_moves(run) -> None:
    code, out, _ = run("compare", "book.xlsx", "book.xlsx", "old.gk")
    assert (code, out) == (0, "试 2025\n没有变动:得分、总分、名次、等次都一样。\n\n")
    Path("same.gk").write_text("# 一样\n" + RULES.replace("1篇加1分,", "1篇得1分，"), encoding="utf-8")
    code, out, _ = run("compare", "old.gk", "same.gk", "book.xlsx")
    assert code == 0
    assert "没有变动:得分、总分、名次、等次都一样。 两份规则的意思相同。" in out


def test_rules_that_differ_and_move_nobody(run) -> None:
    """Nobody is late ten times."""
    Path("new.gk").write_text(RULES.replace("扣2分。", "扣2分,最多扣20分。"), encoding="utf-8")
    code, out, _ = run("compare", "old.gk", "new.gk", "book.xlsx")
    assert code == 0
    assert (
        out
        == """\
试 2025
没有变动:得分、总分、名次、等次都一样。

规则有下列不同,但没有一个单位的得分因此变动:
  - 每迟报1次扣2分。  (old.gk:8)
  + 每迟报1次扣2分,最多扣20分。  (new.gk:8)
"""
    )


def test_a_definition_that_changed_is_named(run) -> None:
    Path("new.gk").write_text(RULES.replace("采用 = 单位表 的 采用", "采用 = 单位表 的 迟报"), encoding="utf-8")
    code, out, _ = run("compare", "old.gk", "new.gk", "book.xlsx")
    assert code == 1
    # 甲局: no points for 0 late reports taken as adopted articles.
    assert "      采用 7 → 0  单位表!C2 → 单位表!B2\n" in out
    assert "- 采用 = 单位表 的 采用  (old.gk:6)\n" in out
    assert "+ 采用 = 单位表 的 迟报  (new.gk:6)\n" in out


def test_a_sentence_that_came_and_one_that_is_gone(run) -> None:
    Path("new.gk").write_text(RULES.replace("  每迟报1次扣2分。\n", "") + "有 迟报 的,总分记0分。\n", encoding="utf-8")
    code, out, err = run("compare", "old.gk", "new.gk", "book.xlsx")
    assert code == 1, err
    # 乙局: 3 without the deduction, then 0 by the veto: 1 to 0. 丁局: 4, then 0: 0 as before, but not for the same reason.
    assert "乙局  总分 1 → 0 (-1)" in out
    assert "    - 每迟报1次扣2分。  (old.gk:8)  -2\n" in out


def test_a_cap_is_told_with_its_line(run) -> None:
    """The line on all bonuses is what moves those who had more than 8."""
    rules = WORKBOOKS / "late-and-early.gk"
    text = rules.read_text(encoding="utf-8").replace("all bonuses at most 10", "all bonuses at most 8")
    Path("new.gk").write_text(text, encoding="utf-8")
    code, out, _ = run("compare", rules, "new.gk", WORKBOOKS / "late-and-early.xlsx", "--format", "json")
    found = json.loads(out)
    assert code == 1
    (rule,) = found["rules"]
    assert (rule["old"]["rule"], rule["new"]["rule"]) == ("all bonuses at most 10", "all bonuses at most 8")
    assert found["differ"] == []
    assert found["same_rules"] is False


def test_a_year_has_its_quarters_too(run, tmp_path: Path) -> None:
    """Only the formula of the year is another one: 甲局 has 26/3 a quarter and 15 for the year, 11.2 and then 71/6."""
    text = (STORIES / "year-of-quarters.zh" / "rules.gk").read_text(encoding="utf-8")
    Path("old.gk").write_text(text, encoding="utf-8")
    Path("new.gk").write_text(text.replace("×60%", "×50%").replace("×40%", "×50%"), encoding="utf-8")
    book = make_book(STORIES / "year-of-quarters.zh" / "book.txt", tmp_path / "year.xlsx")
    code, out, _ = run("compare", "old.gk", "new.gk", book, "--period", "2025")
    assert code == 1
    assert "年度综合考评 2025Q1\n没有变动:得分、总分、名次、等次都一样。\n" in out
    assert "甲局  总分 11.2 → 11.833333333333 (+0.633333333333)" in out
    assert "      - 总分=季度成绩取平均×60%+年度考评×40%。  (old.gk:" in out
    code, out, _ = run("compare", "old.gk", "new.gk", book, "--period", "2025Q1")
    assert code == 0
    assert "规则有下列不同,但没有一个单位的得分因此变动:" in out


def test_checks_of_a_form_that_hold_no_longer(run) -> None:
    """3 + 4 = 7, and then 2 + 4 is not 7; the other check, 7 = 7, still holds."""
    Path("old.gk").write_text("核对 合计: 表!B2 + 表!B3 = 表!B4\n核对 抄录: 表!B4 = 表!C4\n", encoding="utf-8")
    form = "[表]\n项 | 数 | 抄\n甲 | 3\n乙 | 4\n合 | 7 | 7\n"
    for name, text in (("book.xlsx", form), ("later.xlsx", form.replace("甲 | 3", "甲 | 2"))):
        Path("book.txt").write_text(text, encoding="utf-8")
        make_book(Path("book.txt"), Path(name))
    code, out, err = run("compare", "book.xlsx", "later.xlsx", "old.gk")
    assert code == 1, err
    assert out == "核对\n合计  相符 (左7,右7) → 不符 (左6,右7)\n\n"
    code, out, _ = run("compare", "book.xlsx", "later.xlsx", "old.gk", "--format", "json")
    assert json.loads(out)["checks"] == [{"name": "合计", "at": None, "old": True, "new": False}]
    code, out, _ = run("compare", "book.xlsx", "later.xlsx", "old.gk", "--format", "markdown")
    assert "| 合计 | 相符 (左7,右7) | 不符 (左6,右7) |" in out
    code, out, _ = run("compare", "book.xlsx", "book.xlsx", "old.gk")
    assert (code, out) == (0, "核对\n核对的结果都一样。\n\n")


def test_another_way_to_give_places_and_grades(run) -> None:
    """1, 1, 3, 4 becomes 1, 1, 2, 3; 5 is no longer excellent."""
    text = RULES.replace("后续顺延", "连续").replace("5分及以上为优秀", "6分及以上为优秀")
    Path("new.gk").write_text(text, encoding="utf-8")
    code, out, _ = run("compare", "old.gk", "new.gk", "book.xlsx")
    assert code == 1
    assert (
        out
        == """\
试 2025
4个单位有变动,0个不变

乙局  总分 1  名次 3 → 2  等次 一般
  - 按总分排名,并列同名次(后续顺延)。  (old.gk:10)
  + 按总分排名,并列同名次(连续)。  (new.gk:10)

丁局  总分 0  名次 4 → 3  等次 一般
  - 按总分排名,并列同名次(后续顺延)。  (old.gk:10)
  + 按总分排名,并列同名次(连续)。  (new.gk:10)

甲局  总分 5  名次 1  等次 优秀 → 一般
  - 5分及以上为优秀,其余为一般。  (old.gk:11)
  + 6分及以上为优秀,其余为一般。  (new.gk:11)

丙局  总分 5  名次 1  等次 优秀 → 一般
  - 5分及以上为优秀,其余为一般。  (old.gk:11)
  + 6分及以上为优秀,其余为一般。  (new.gk:11)

各句规则的影响
2个单位
  - 按总分排名,并列同名次(后续顺延)。  (old.gk:10)
  + 按总分排名,并列同名次(连续)。  (new.gk:10)
2个单位
  - 5分及以上为优秀,其余为一般。  (old.gk:11)
  + 6分及以上为优秀,其余为一般。  (new.gk:11)

"""
    )


def test_the_huzhong_rules_by_month_move_one_unit_and_three_places(run) -> None:
    """The items of 区营商局 fell in two of three months: -3, not -6. It stays 5th; who had the -6 with it is now 6th."""
    old, new = WORKBOOKS / "huzhong-2025.gk", WORKBOOKS / "variants" / "huzhong-by-month.gk"
    code, out, err = run("compare", old, new, WORKBOOKS / "huzhong-2025.xlsx", "--format", "json")
    assert code == 1
    assert "2025Q4" in err
    (period,) = json.loads(out)["periods"]
    moved = [(one["unit"], one["total"]["change"], one["rank"]["old"], one["rank"]["new"]) for one in period["units"]]
    assert moved == [
        ("区营商局", "3", 5, 5),
        ("区发改局", "0", 5, 6),
        ("区退役军人局", "0", 5, 6),
        ("区财政局", "0", 5, 6),
    ]
    (cause,) = period["units"][0]["causes"]
    assert (cause["indicator"], cause["old"]["points"], cause["new"]["points"]) == ("信息公开", "-6", "-3")
    assert (cause["old"]["rule"], cause["new"]["rule"]) == (
        "本领域信息少于3条，扣6分。",
        "每个没有本领域信息的月扣3分。",
    )


def test_rules_in_the_other_language_move_nobody(run) -> None:
    old, new = WORKBOOKS / "huzhong-2025.gk", WORKBOOKS / "variants" / "huzhong-2025.en.gk"
    code, out, _ = run("compare", old, new, WORKBOOKS / "huzhong-2025.xlsx")
    assert code == 0
    assert "Nothing moves: points, totals, places and grades are the same." in out
    assert "The rules differ here, but nobody's points do:" in out


def test_errors_are_told_as_score_tells_them(run) -> None:
    Path("bad.gk").write_text(RULES.replace("每迟报1次", "每漏报1次"), encoding="utf-8")
    code, out, err = run("compare", "old.gk", "bad.gk", "book.xlsx")
    assert (code, out) == (1, "")
    assert "bad.gk:8:" in err
    code, out, err = run("compare", "old.gk", "bad.gk", "book.xlsx", "--format", "json")
    assert code == 1
    assert json.loads(out)["new"]["diagnostics"][0]["severity"] == "error"
    assert json.loads(out)["moves"] is None, "nothing was compared"


def test_an_error_in_the_new_book_takes_the_total_away(run) -> None:
    Path("book.txt").write_text(BOOK.replace("丁局 | 2", "丁局 | 两次"), encoding="utf-8")
    make_book(Path("book.txt"), Path("later.xlsx"))
    code, out, err = run("compare", "book.xlsx", "later.xlsx", "old.gk")
    assert code == 1
    assert "单位表!B5" in err
    assert out.splitlines()[3].startswith("丁局  总分 0 → -  名次 4 → -")


def test_files_that_are_not_there_or_not_what_is_needed(run) -> None:
    code, out, err = run("compare", "old.gk", "none.gk", "book.xlsx")
    assert (code, out) == (3, "")
    assert "none.gk" in err
    code, out, err = run("compare", "book.xlsx", "none.xlsx", "old.gk")
    assert (code, out) == (3, "")
    assert "none.xlsx" in err
    code, out, err = run("compare", "old.gk", "book.xlsx", "new.gk")
    assert (code, out) == (2, "")
    assert "book.xlsx: a workbook 工作簿" in err


def test_files_are_told_apart_by_what_is_in_them(run) -> None:
    Path("book.xlsx").rename("book")
    Path("old.gk").rename("old.txt")
    assert run("compare", "old.txt", "new.gk", "book")[0] == 1


def test_no_period_that_both_have(run) -> None:
    Path("new.gk").write_text(RULES.replace("年 2025", "年 2024"), encoding="utf-8")
    code, out, err = run("compare", "old.gk", "new.gk", "book.xlsx")
    assert (code, out) == (1, "")
    assert "GK689" in err
    assert "2024" in err


def test_the_earlier_of_two_latest_periods_is_compared(run) -> None:
    rules = "考评 试\n对象 单位表的单位\n周期 季度\n缺数据 报错\n信息 = 信息 的记录\n指标 信息\n  每条信息加1分。\n"
    Path("old.gk").write_text(rules, encoding="utf-8")
    sheets = "[单位表]\n单位\n甲局\n[信息]\n单位 | 日期\n甲局 | 2025-08-01\n"
    for name, more in (("book.xlsx", ""), ("later.xlsx", "甲局 | 2025-09-01\n甲局 | 2025-11-01\n")):
        Path("book.txt").write_text(sheets + more, encoding="utf-8")
        make_book(Path("book.txt"), Path(name))
    code, out, err = run("compare", "book.xlsx", "later.xlsx", "old.gk")
    assert (code, "2025Q3" in err) == (1, True)
    assert "甲局  总分 1 → 2 (+1)" in out
    assert "信息 1 → 2  信息!A2 → 信息!A2:A3" in out


@pytest.mark.parametrize(
    "name",
    [
        "county-openness",
        "late-and-early",
        "huzhong-2025",
        "year-of-quarters.zh",
        "website-inspection.zh",
        "departments.en",
    ],
)
def test_the_causes_of_a_move_add_up_to_it(name: str, tmp_path: Path) -> None:
    """One number of the rules after the other is changed; what each does to a total is the sum of its causes."""
    rules, path = WORKBOOKS / f"{name}.gk", WORKBOOKS / f"{name}.xlsx"
    if not rules.exists():
        rules, path = STORIES / name / "rules.gk", make_book(STORIES / name / "book.txt", tmp_path / "book.xlsx")
    text, book = rules.read_text(encoding="utf-8"), Book.read(path)
    period = Period(2025, PeriodKind.YEAR) if name.startswith("year") else None
    old = flow.score(flow.load(Source(name, text)), book, period)
    end = re.search(r"^(例|example) |\Z", text, re.MULTILINE)
    moved = 0
    for number in re.finditer(r"(?<![\d.-])\d(?![\d.-])", text[: end.start()]):
        changed = f"{text[: number.start()]}{int(number[0]) + 1}{text[number.end() :]}"
        new = flow.score(flow.load(Source(name, changed)), book, old.periods[-1].period)
        for move in (move for one in compare(old, new).periods for move in one.moves):
            if move.change is not None:
                total = Decimal(0)
                for cause in move.causes:
                    total = add(total, cause.change)
                assert total == move.change, (changed, move.new.unit)
                moved += move.change != 0
    assert moved
