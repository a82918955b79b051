"""The pieces of a sentence, between the grammar's tree and the clauses of the language: nouns of `read.py` and `join.py`."""

from __future__ import annotations

from dataclasses import field
from decimal import Decimal
from typing import Literal

from gkxl.diagnostics import Code, Span
from gkxl.frozen import dataclass
from gkxl.language import tree
from gkxl.periods import PeriodKind
from gkxl.values import Number

ONE = tree.Num(Decimal(1))
_NOBODY = tree.Name("")  # pieces are always made whole; the defaults only let fields follow those of Piece


class Refused(Exception):
    """A sentence that cannot be read; caught in `parse.py` and told as a diagnostic."""

    def __init__(self, code: Code, span: Span, *notes: tuple[str, str], **values: object) -> None:
        super().__init__(code.number)
        self.code, self.span, self.notes, self.values = code, span, notes, values


Quantity = Literal["", "all", "any"]


@dataclass(frozen=True, slots=True)
class Due:
    """年报3月31日前公开: the test, the verb of what is to be done and its place; `done` False: 3月31日前未公开."""

    test: tree.Test
    verb: str
    done: bool = True
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Giving:
    """What a piece gives. `each_of`: 分别/各; `per`: 扣2分/次; `points`: several for a list of names or keys.

    `noted`: as of tree.Points.

    `unsigned`: a number of points whose verb stands in a clause before (90% or more earns 8, 80% or more 5), with `sign`
    that of the verb (0 where it has none). `share`: up to these points, in proportion.
    """

    what: Literal[
        "points", "unsigned", "no points", "full", "proportional", "share", "grade", "bar", "stop", "admit", "total",
        "indicator",
    ]  # fmt: skip
    points: tuple[Number, ...] = ()
    sign: int = 0
    grade: tree.Name | None = None
    each_of: bool = False
    per: bool = False
    noted: bool = False
    span: Span | None = field(default=None, compare=False)


NOTHING = Giving("no points")


@dataclass(frozen=True, slots=True)
class Note:
    """What stands in brackets behind a piece."""

    what: Literal["ignored", "counts as one", "pro rata", "required", "rounding", "cap", "gone", "ties", "no excess"]
    number: tree.Num | None = None
    rounding: str = ""
    strict: bool = False  # 并列不超额
    ties: tree.Ties | None = None
    cap: CapPiece | None = None
    per: PeriodKind | None = None  # 每年4次, as what is required


@dataclass(frozen=True, slots=True)
class Piece:
    span: Span
    notes: tuple[Note, ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True)
class Head(Piece):
    """A condition, or a bare name, whose consequence follows.

    `basis`: 在…的基础上. `per`: 每年 in front of the mark. `portion`: only what is beyond the mark (超过3人的部分).
    `every`: 均达100%, of all names in front. `required`: 信息4条, which says what is asked for and no more.
    `unknown`: it denies a name nobody declared.
    """

    condition: tree.Condition | tree.Top | tree.Name = _NOBODY
    per: PeriodKind | None = None
    basis: tuple[tree.Name | None, tree.Mark] | None = None
    portion: bool = False
    due: Due | None = None
    every: Quantity = ""
    required: bool = False
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class CasePiece(Piece):
    """`excess`: of 超任务数20%, which only 再每 settles. `every` and `unknown` as in Head."""

    condition: tree.Condition | tree.Top | tree.Name = _NOBODY
    giving: Giving = NOTHING
    per: PeriodKind | None = None
    due: Due | None = None
    every: Quantity = ""
    excess: Refused | None = None
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class GivenPiece(Piece):
    """`had`: 有得3分, behind the name."""

    giving: Giving = NOTHING
    had: bool = False


@dataclass(frozen=True, slots=True)
class OtherwisePiece(Piece):
    giving: Giving | None = None  # None: 其余不计 of a price list
    denied: bool = False  # 未报送不得分, 没有扣2分
    beyond: Literal["", "<", ">"] = ""  # 不足的扣2分, 超过的扣2分


@dataclass(frozen=True, slots=True)
class EachPiece(Piece):
    """`label`: the measure word; where no name is near, it may be the name that is not declared."""

    name: tree.Name | tree.PeriodsWith | None = None
    size: tree.Num = ONE
    giving: Giving = NOTHING
    beyond: tree.Test | None = None
    label: str = ""
    others: tuple[tree.Name, ...] = ()
    open: bool = False  # 每出现1处错链,: what it gives follows
    late: tree.Test | None = None  # 超过20个工作日的每件扣2分: which of them count
    plain: bool = False  # 一次扣3分, without 每: the first of exact counts, if more follow
    counted: Literal["", "exactly", "first"] = ""  # one absence costs 1; the first absence costs 1


@dataclass(frozen=True, slots=True)
class StepPiece(Piece):
    """每少1次 (below), 每多1条 (above), 每迟1天 (late). `direction` "": that of the mark before, as `head` may be."""

    direction: str = "above"
    size: tree.Num = ONE
    giving: Giving = NOTHING
    name: tree.Name | None = None
    mark: tree.Mark | None = None
    head: Head | None = None  # its own condition, without a comma between
    share_of: tree.Name | None = None  # 每高任务数的20%
    open: bool = False  # 每少1%,: what it gives follows
    plain: bool = False  # 少1次扣1分, without 每
    word: tree.Name | None = None  # 迟报 of 每迟报1天, where nothing before says what is late


@dataclass(frozen=True, slots=True)
class LatePiece(Piece):
    """逾期扣2分; 逾期每天扣1分 (with a size); 逾期的 (`giving` None), what it gives follows."""

    giving: Giving | None = None
    size: tree.Num | None = None


@dataclass(frozen=True, slots=True)
class CountdownPiece(Piece):
    """未达的每少1场扣2分: counts down from the band before."""

    size: tree.Num = ONE
    giving: Giving = NOTHING


@dataclass(frozen=True, slots=True)
class PricesPiece(Piece):
    name: tree.Name = _NOBODY
    columns: tuple[tree.Name, ...] = ()
    sign: int = 1


@dataclass(frozen=True, slots=True)
class PricePiece(Piece):
    """国家级每条20分. `signed`: its verb says whether it earns; `name`: the term, where the piece has it, too; `each`: with
    `each` behind, which outside a price list is an each."""

    keys: tuple[tree.Name, ...] = ()
    points: Number = ONE.value
    signed: bool = False
    name: tree.Name | None = None
    each: bool = False


@dataclass(frozen=True, slots=True)
class PricesEachPiece(Piece):
    """市级分别5、3、1分: the last key of several, and the points for all."""

    key: tree.Name = _NOBODY
    points: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyedPiece(Piece):
    """被国家、省、市采用的, whose points follow: the last key and the term."""

    key: tree.Name = _NOBODY
    name: tree.Name = _NOBODY


@dataclass(frozen=True, slots=True)
class PricedPiece(KeyedPiece):
    """省级采用分别加5、3、1分: the last key, the term, and the points for all keys."""

    giving: Giving = NOTHING
    others: tuple[tree.Name, ...] = ()  # keys before the last


@dataclass(frozen=True, slots=True)
class NumberPiece(Piece):
    """A further number of points of a list: 分别计2分、0.5分."""

    points: Number = ONE.value


@dataclass(frozen=True, slots=True)
class OwnPiece(Piece):
    formula: tree.Formula = ONE
    costs: bool = False


@dataclass(frozen=True, slots=True)
class NotePiece(Piece):
    """A note that stands behind a comma rather than in brackets."""

    note: Note = Note("ignored")


@dataclass(frozen=True, slots=True)
class CapPiece(Piece):
    limit: Number = ONE.value
    per: PeriodKind | None = None
    whole: bool = False
    here: bool = False  # 本项
    sign: int = 0  # 1 for what is earned, -1 for what is cost, 0 where the cap does not say


@dataclass(frozen=True, slots=True)
class GonePiece(Piece):
    """扣完为止: the floor of the indicator, which holds anyway."""


@dataclass(frozen=True, slots=True)
class RepeatsPiece(Piece):
    """同一标题取最高一项. `clause` None: 不重复计分 behind it, which says the same once more."""

    clause: tree.Repeats | None = None


@dataclass(frozen=True, slots=True)
class PlacesPiece(Piece):
    """Of points by place: 按进度排名 ("by"), 从低到高 ("lowest"), what ties do, 第1至3名依次加5、3、1分 ("points" of the places
    from `first` to `last`), 以后每名减1分 ("less")."""

    what: Literal["by", "lowest", "highest", "ties", "points", "less"] = "by"
    by: tree.Name | None = None
    lowest: bool = False
    ties: tree.Ties | None = None
    first: int = 1
    last: int = 1
    points: tuple[Number, ...] = ()
