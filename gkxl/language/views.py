"""Terms in another period or over the group, as they are said: 上年结案率, best votes; and 结案率较上年增长."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from gkxl.diagnostics import Language
from gkxl.language import tree
from gkxl.language.words import Atom, atoms, walk, words

# What stands in front of the name; alone, where a sentence tells which term is meant.
PREFIXES: dict[Language, dict[tree.View, tuple[str, str]]] = {
    "zh": {
        "last year": ("上年", "上年"),
        "year before last": ("前年", "前年"),
        "previous": ("上期", "上期"),
        "two years": ("前两年平均", "前两年平均"),
        "best": ("全组最高", "全组最高"),
        "worst": ("全组最低", "全组最低"),
        "group average": ("全组平均", "全组平均"),
    },
    "en": {
        "last year": ("last year's ", "last year"),
        "year before last": ("the year before last's ", "the year before last"),
        "previous": ("previous ", "the previous period"),
        "two years": ("previous two years' average ", "the average of the two years before"),
        "best": ("best ", "the group's best"),
        "worst": ("worst ", "the group's worst"),
        "group average": ("group average of ", "the group average"),
        "rise on last year": ("rise on last year in ", ""),
        "fall on last year": ("fall on last year in ", ""),
        "rise on previous": ("rise on the previous period in ", ""),
        "fall on previous": ("fall on the previous period in ", ""),
    },
}
# Chinese says a change behind the name.
SUFFIXES: dict[tree.View, str] = {
    "rise on last year": "较上年增长",
    "fall on last year": "较上年下降",
    "rise on previous": "较上期增长",
    "fall on previous": "较上期下降",
}
# A change is told by the direction and what it is counted from.
CHANGES: dict[tree.View, tuple[bool, tree.View]] = {
    "rise on last year": (False, "last year"),
    "fall on last year": (True, "last year"),
    "rise on previous": (False, "previous"),
    "fall on previous": (True, "previous"),
}


def change(below: bool, base: tree.View | None) -> tree.View | None:
    """The view of a rise, or of a fall (`below`), on another period; None where there is none."""
    return next((view for view, made_of in CHANGES.items() if made_of == (below, base)), None)


def view_at(pieces: Sequence[Atom], at: int, language: Language) -> tuple[int, tree.View, bool] | None:
    """The longest words of a view that begin at atom `at`: how many atoms, the view, whether it may stand alone."""
    found: tuple[int, tree.View, bool] | None = None
    for count, values in walk(words(language).trie, (piece.word for piece in pieces[at : at + 12])):
        said = {terminal: meaning for terminal, meaning in values if terminal in ("VIEW", "VIEW_ALONE")}
        if said:
            view = cast("tree.View", next(iter(said.values())))
            found = count, view, language == "zh" or "VIEW_ALONE" in said
    return found


def split_view(text: str, language: Language) -> tuple[str | None, str]:
    """A text of the form 上年结案率 as its view and the name; None and the text where it has none."""
    pieces = atoms(text)
    found = view_at(pieces, 0, language)
    if found is None:
        return None, text
    behind = pieces[found[0] :]
    rest = behind[1:] if behind and behind[0].word == "的" else behind
    return found[1], text[rest[0].start :] if rest else ""


def full_name(name: tree.Name, language: Language) -> str:
    """A name with its view, in the canonical words of the language."""
    if name.view is None:
        return name.text
    suffix = SUFFIXES.get(name.view) if language == "zh" else None
    if suffix is not None:
        return name.text + suffix
    return PREFIXES[language][name.view][0 if name.text else 1] + name.text


def wordings(name: tree.Name) -> tuple[str, ...]:
    """What a declared term may be called that stands for a name with a view: the words of either language, and as written."""
    return full_name(name, "zh"), full_name(name, "en"), *([name.span.text] if name.span else [])
