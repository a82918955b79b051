"""Tree → text, in Chinese or English, as an office would write it. The inverse of `parse.py` and `file.py`.

A name stands bare where that is read as the same name, else in quotes. What is read is asked of the parser itself: each
line is read back, and only if it says something else do quotes go round its names, as few as will do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace

from gkxl.diagnostics import Language, Source, Span
from gkxl.language import tree
from gkxl.language.clauses import sets_total
from gkxl.language.file import belongs, parse_file
from gkxl.language.unparse_base import Writer, plain
from gkxl.language.unparse_en import English
from gkxl.language.unparse_forms import check as write_check
from gkxl.language.unparse_zh import Chinese
from gkxl.language.vocabulary import Vocabulary, names_in

Statement = tree.Sentence | tree.Policy | tree.Rank | tree.TotalIs | tree.Converted
Node = (
    Statement
    | tree.Definition
    | tree.UnitsLine
    | tree.PeriodLine
    | tree.SheetLine
    | tree.WorkingDaysLine
    | tree.IndicatorNode
    | tree.PartNode
    | tree.Check
    | tree.Example
    | tree.Published
    | tree.File
)

_WRITERS: dict[Language, type[Writer]] = {"zh": Chinese, "en": English}
_INDENT = "  "


def unparse(node: Node, language: Language, terms: Vocabulary | None = None) -> str:
    """The text of a node, without the line end. `terms` None: the facts that the node names are declared."""
    return page(node, language, terms).text(node)


def page(node: Node, language: Language, terms: Vocabulary | None = None) -> Page:
    """What writes a node and its parts; `terms` as in `unparse`."""
    declared = _Declared(terms.names.values() if terms else terms_of(node))
    return Page(language, declared, _Declared(_indicators_of(node)))


def terms_of(node: object) -> Iterator[str]:
    """The names that stand for facts: no grades, price keys, columns, groups or indicators."""
    match node:
        case tree.Name(text):
            yield text
        case tree.PriceList(name):
            yield name.text
        case (
            tree.Rows()
            | tree.GroupValues()
            | tree.Dated()
            | tree.UnitsLine()
            | tree.SheetLine()
            | tree.WorkingDaysLine()
            | tree.PartNode()
            | tree.Audience()
            | tree.CellAt()
            | tree.LineAt()
        ):
            return
        case tree.Check(_, given, then):
            yield from terms_of((given, then))
        case tree.Places() | tree.Rank():
            return  # a fact or an indicator: what stands there is a name in either case
        case tree.Repeats() | tree.Converted() | tree.TotalTest() | tree.Option() | tree.Expected() | tree.GivenRows():
            return
        case tree.Veto(condition) | tree.GradeCase(condition):
            yield from terms_of(condition)
        case tree.IndicatorNode(statements=statements):
            yield from terms_of(statements)
        case tree.Example(given=given):
            yield from terms_of(given)
        case tree.File(definitions=definitions):
            yield from terms_of([definition.names for definition in definitions])
        case tuple() | list():
            for part in node:
                yield from terms_of(part)
        case _ if is_dataclass(node) and not isinstance(node, Span):
            yield from terms_of([getattr(node, one.name) for one in fields(node)])


def _indicators_of(node: Node) -> Iterator[str]:
    """The names behind 应得 are indicators, where there are any of the name."""
    match node:
        case tree.File():
            yield from (one.name.text for one in node.indicators)
        case tree.IndicatorNode(name):
            yield name.text
        case tree.Example(expected=expected):
            yield from (one.name.text for one in expected if one.name)


class _Declared(Vocabulary):
    """A vocabulary that reading back a line does not add to."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__()
        for name in names:
            super().add(name)

    def add(self, name: str) -> None:
        """What a line that is read back declares is known already."""


@dataclass(frozen=True)
class Page:
    language: Language
    terms: Vocabulary
    indicators: Vocabulary
    word: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "word", _HEADINGS[self.language])

    def text(self, node: Node) -> str:
        match node:
            case tree.File():
                return self.file(node)
            case tree.IndicatorNode():
                return "\n".join([self.indicator(node), *(_INDENT + self.statement(one) for one in node.statements)])
            case tree.PartNode():
                return "\n".join([self.part(node), *(_INDENT + self.statement(one) for one in node.statements)])
            case tree.Example():
                return self.example(node)
            case tree.Definition():
                return self.settled(node, tree.File(definitions=(node,)), lambda w: w.definition(node))
            case tree.UnitsLine():
                return self.settled(node, tree.File(units=node), lambda w: w.units(node))
            case tree.PeriodLine():
                return _WRITERS[self.language]().period(node)
            case tree.WorkingDaysLine(name):
                if name is None:
                    return _WORKING_DAYS[self.language]
                return self.headed("working days", name, tree.File(working_days=node))
            case tree.Check():
                return self.settled(node, tree.File(checks=(node,)), lambda w: write_check(w, node, self.word["check"]))
            case tree.SheetLine():
                return self.settled(node, tree.File(sheets=(node,)), lambda w: w.sheet(node))
            case tree.Published(what, of, figure):
                head = f"{self.word['published']} {self.word.get(what, '')}"

                def published(writer: Writer) -> str:
                    return f"{head}{writer.name(of) if of else ''} {writer.meaning(figure)}"

                return self.settled(node, tree.File(published=(node,)), published)
        return self.statement(node)

    def settled(self, node: object, meant: tree.File, write: Callable[[Writer], str]) -> str:
        """The text with as few names in quotes as will do for it to be read as it is meant."""
        writer = _WRITERS[self.language]
        names = dict.fromkeys(name.text for name in names_in(node))

        def told(quoted: frozenset[str]) -> tuple[str, bool]:
            text = write(writer(quoted))
            return text, self.reads_as(text, meant)

        text, right = told(frozenset())
        if right:
            return text
        quoted = frozenset(names)
        text, right = told(quoted)
        for name in names if right else ():
            fewer, still_right = told(quoted - {name})
            if still_right:
                text, quoted = fewer, quoted - {name}
        return text

    def reads_as(self, text: str, meant: tree.File) -> bool:
        source = Source("", f"{self.word['language']} {self.language}\n{text}\n")
        file, told = parse_file(source, self.terms, self.indicators)
        return not told and file == meant

    # --- lines ---

    def statement(self, node: Statement) -> str:
        def write(writer: Writer) -> str:
            match node:
                case tree.Sentence():
                    return writer.sentence(node)
                case tree.Policy():
                    return writer.policy(node)
                case tree.Rank():
                    return writer.kept(node.per) + writer.rank(node)
                case tree.TotalIs():
                    return writer.total_is(node)
            return writer.converted(node)

        meant = sets_total(node) if isinstance(node, tree.Sentence) else node  # what it would say outside an indicator
        return self.settled(node, tree.File(statements=(meant,)), write)

    def headed(self, heading: str, name: tree.Name, meant: tree.File, options: Sequence[tree.Option] = ()) -> str:
        """A heading word, a name and its options."""
        node = (name, *options)
        return self.settled(
            node, meant, lambda w: " ".join([self.word[heading], w.name(name), *(w.option(one) for one in options)])
        )

    def line(self, heading: str, text: str, meant: tree.File) -> str:
        """A heading word with a text that is no name: it is never foreign, but may need quotes."""
        bare = f"{self.word[heading]} {text}"
        return bare if self.reads_as(bare, meant) else f"{self.word[heading]} {_WRITERS[self.language]().quote(text)}"

    def indicator(self, node: tree.IndicatorNode) -> str:
        head = replace(node, statements=(), part=None)
        article = _WRITERS[self.language]().article(node.article)
        meant = tree.File(indicators=(replace(head, article=""),))
        return article + self.headed("bonus" if node.bonus else "indicator", node.name, meant, node.options)

    def part(self, node: tree.PartNode) -> str:
        meant = tree.File(parts=(replace(node, statements=()),))
        return self.headed("part", node.name, meant, node.options)

    def example(self, node: tree.Example) -> str:
        words = tuple(tree.Option("for", tree.Audience((word,))) for word in node.words)

        def write(writer: Writer) -> str:
            name = writer.quote(node.name) if node.name in writer.quoted else node.name
            head = [self.word["example"], name]
            if node.period:
                head.append(str(node.period))
            listed = [writer.option(word).partition(" ")[2] for word in words]  # as behind 限 / for
            head += [("、" if writer.language == "zh" else " and ").join(listed)] if listed else []
            lines = [" ".join(head)]
            facts: list[str] = []
            for given in node.given:
                if isinstance(given, tree.Given):
                    facts.append(f"{writer.name(given.name)} {given.value}")
                    continue
                lines += self.facts(facts)
                lines.append(f"{_INDENT}{self.word['given']} {writer.name(given.sheet)}:")
                lines += [_INDENT * 2 + table_row(row) for row in given.rows]
                facts = []
            lines += self.facts(facts)
            lines += [_INDENT + self.expected(one, writer) for one in node.expected]
            return "\n".join(lines)

        return self.settled((tree.Name(node.name), node), tree.File(examples=(node,)), write)

    def facts(self, facts: list[str]) -> list[str]:
        return [f"{_INDENT}{self.word['given']} {', '.join(facts)}"] if facts else []

    def expected(self, one: tree.Expected, writer: Writer) -> str:
        if one.what == "error":
            return f"{self.word['expect error']} {one.value}"
        what = writer.name(one.name) if one.name else "" if one.what == "indicator" else self.word[one.what]
        return " ".join(filter(None, (self.word["expect"], what, one.value)))

    # --- the file ---

    def file(self, file: tree.File) -> str:
        # What could belong to an indicator stands before the first one; places, grades and totals come last.
        last = max((at for at, one in enumerate(file.statements, 1) if belongs(one)), default=0)
        while last < len(file.statements) and isinstance(file.statements[last], tree.Policy):
            last += 1
        blocks = [self.head(file) + [self.statement(one) for one in file.statements[:last]]]
        blocks.append([self.text(one) for one in file.definitions])
        blocks.append([self.text(one) for one in file.indicators if one.part is None])
        for part in file.parts:
            inside = [self.text(one) for one in file.indicators if one.part == part.name]
            blocks.append([self.text(part), *inside])
        blocks.append([self.statement(one) for one in file.statements[last:]])
        blocks.append([self.text(one) for one in file.published])
        blocks.append([self.text(one) for one in file.checks])
        blocks += [[self.example(one)] for one in file.examples]
        return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"

    def head(self, file: tree.File) -> list[str]:
        lines = []
        if file.title:
            lines.append(self.line("title", file.title, tree.File(title=file.title)))
        if file.basis:
            lines.append(self.line("basis", file.basis, tree.File(basis=file.basis)))
        if file.units:
            lines.append(self.text(file.units))
        if file.period:
            lines.append(self.text(file.period))
        if file.check_date:
            lines.append(f"{self.word['check date']} {_WRITERS[self.language]().day(file.check_date)}")
        if file.working_days:
            lines.append(self.text(file.working_days))
        if file.full_marks is not None:
            points = "分" if self.language == "zh" else ""
            lines.append(f"{self.word['full marks']} {plain(file.full_marks)}{points}")
        lines += [self.text(one) for one in file.sheets]
        # The language follows from the first heading; a file that opens with none says it.
        return lines or [f"{self.word['language']} {self.language}"]


def table_row(row: tuple[str, ...]) -> str:
    text = " | ".join(row)
    return text if len(row) > 1 and row[0] and row[-1] else f"| {text} |"


_WORKING_DAYS: dict[Language, str] = {"zh": "工作日 按 中国", "en": "working days follow China"}
_HEADINGS: dict[Language, dict[str, str]] = {
    "zh": {
        "title": "考评", "basis": "依据", "check": "核对", "check date": "监测时点", "language": "语言", "full marks": "满分",
        "part": "大项", "indicator": "指标", "bonus": "加分", "example": "例", "given": "已知", "expect": "应得",
        "expect error": "应报", "total": "总分", "grade": "等次", "rank": "名次", "published": "公布",
        "working days": "工作日 取自",
    },
    "en": {
        "title": "assessment", "basis": "basis", "check": "check", "check date": "check date", "language": "language",
        "full marks": "full marks", "part": "part", "indicator": "indicator", "bonus": "bonus", "example": "example",
        "given": "given", "expect": "expect", "expect error": "expect error",
        "total": "total", "grade": "grade", "rank": "place", "published": "published", "working days": "working days from",
    },
}  # fmt: skip
