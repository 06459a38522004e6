"""Markdown cells → the heading above each code cell, how deep it is, and what it says about the lifecycle."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from nb2pipe.ir.notebook import CellKind
from nb2pipe.propose.roles import Role
from nb2pipe.record import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nb2pipe.ir.notebook import Notebook

HEADING = r"^\s{0,3}(#{1,6})\s*(\S[^\n]*?)\s*#*\s*$"
FENCE = r"(?ms)^(```|~~~).*?^\1[ \t]*$"
UNDERLINED = r"(?m)^(\S[^\n]*)\n(=|-)\2{2,}[ \t]*$"
HTML_HEADING = r"(?is)<h([1-6])[^>]*>(.*?)</h\1>"
BOLD_LINE = r"\A\s*\*\*([^*\n]+)\*\*:?\s*\Z"

WORDS: dict[Role, str] = {
    Role.LOAD: r"load(ing)?|import(ing)? (the )?data|read(ing)?|fetch(ing)?|download(ing)?|ingest\w*|(get|obtain)(ting|ing)? (the )?data|data ?sets?",
    Role.VALIDATE: r"validat(e|ing) (the )?(data|schema|input)|data (validation|quality)|schema|sanity",
    Role.PREPARE: r"prepar\w*|pre-?process\w*|clean\w*|wrangl\w*|munging|missing (values|data)|impute|imputation|tidy\w*|transform\w*",
    Role.FEATURES: r"features?|feature engineering|encod(e|ing)|vectori[sz]\w*|token\w*|scal(e|ing)|normali[sz]\w*|standardi[sz]\w*",
    Role.SPLIT: r"split\w*|train[- /]?(and )?test\b.*",
    Role.TUNE: r"tun(e|ing)|hyper-?parameters?|grid ?search|sweep|model selection|optimi[sz]\w*",
    Role.TRAIN: r"train(ing)?|fit(ting)?|model(s|ing|ling)?|learn(ing)?|classif(y|ier|iers)|regression|build\w* .*model|estimat\w+",
    Role.EVALUATE: r"evaluat\w*|test(ing)?|scor(e|es|ing)|metrics?|performance|results?|accuracy|confusion.*|compar\w*",
    Role.PREDICT: r"predict\w*|forecast\w*|inference",
    Role.GATE: r"gate|acceptance|quality bar",
    Role.SAVE: r"sav(e|ing)|export\w*|persist\w*|stor(e|ing)|submission|output",
    Role.DEPLOY: r"deploy\w*|serv(e|ing)|publish\w*|production|register\w*",
    Role.MONITOR: r"monitor\w*|drift",
    Role.SHOW: r"explor\w*|eda|visuali[sz]\w*|plot(s|ting)?|analysis|distribution\w*",
}
ORDER = (
    *(Role.GATE, Role.MONITOR, Role.DEPLOY, Role.TUNE, Role.VALIDATE, Role.SPLIT, Role.PREDICT, Role.EVALUATE, Role.FEATURES, Role.PREPARE),
    *(Role.SAVE, Role.LOAD, Role.TRAIN, Role.SHOW),
)
SMALL = frozenset(
    """a an the and or is are be our your my we us you it its this that these those some how what why step part section chapter exercise example
    task question let lets s now then first next finally do does simple basic again""".split()
)
PREPOSITIONS = frozenset("of to for in on with without from by at as using via into per between before after against vs versus".split())
MOST_WORDS, LONGEST_NAME = 3, 24


@record()
class Heading:
    """The last heading above a code cell and below the code cell before it: `level` 1–6, 7 for plain text, `text` empty for plain text."""

    level: int
    text: str


def headings_above(notebook: Notebook) -> dict[int, Heading]:
    """Find for each code cell, by its place among all cells, the most important heading directly above it; the notebook's title is none."""
    texts = {cell.index: read_headings(cell.source) for cell in notebook.cells if cell.kind is CellKind.MARKDOWN}
    title = _title([each for texts_of_cell in texts.values() for each in texts_of_cell])
    found: dict[int, Heading] = {}
    above: list[Heading] = []
    for cell in notebook.cells:
        if cell.index in texts:
            above += [each for each in texts[cell.index] if each is not title]
        elif cell.kind is CellKind.CODE and cell.source.strip():
            if above:
                level = min(each.level for each in above)
                found[cell.index] = [each for each in above if each.level == level][-1]
            above = []
    return found


def _title(headings: Sequence[Heading]) -> Heading | None:
    """Return the first heading when it stands above all others."""
    named = [each for each in headings if each.level < 7]
    return named[0] if named and all(each.level > named[0].level for each in named[1:]) else None


def read_headings(source: str) -> list[Heading]:
    """List the headings of a text; one of level 7 when it is only text."""
    text = re.sub(FENCE, "", source)
    found = [(match.start(), len(match[1]), match[2]) for match in re.finditer(HEADING, text, flags=re.MULTILINE)]
    found += [(match.start(), 1 if match[2] == "=" else 2, match[1]) for match in re.finditer(UNDERLINED, text)]
    found += [(match.start(), int(match[1]), match[2]) for match in re.finditer(HTML_HEADING, text)]
    bold = re.match(BOLD_LINE, text)
    if bold:
        found.append((0, 6, bold[1]))
    return [Heading(level, plain(words)) for _, level, words in sorted(found)] or ([Heading(7, "")] if text.strip() else [])


def plain(text: str) -> str:
    """Take markup off a heading: tags, links, emphasis, code, numbering."""
    text = re.sub(r"<[^>]+>|!\[[^\]]*\]\([^)]*\)", " ", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"[`*]|\$[^$]*\$", "", text)
    text = re.sub(
        r"^\s*(?:(?:step|part|section|chapter)\s*)?(?:\d+(?:\.\d+)*|[ivx]+|[a-z])\s*[.):\u2013-]+\s*", "", text, flags=re.IGNORECASE
    )
    return " ".join(text.split())


def section_level(levels: Sequence[int]) -> int:
    """Return the level that divides a notebook into its sections: the highest that more than one code cell has above it."""
    counts = sorted(each for each in levels if each < 7)
    return next((level for level in counts if counts.count(level) > 1), counts[0] if counts else 7)


def role_said(text: str) -> Role | None:
    """Return the role that a heading names."""
    words = text.lower()
    return next((role for role in ORDER if re.search(rf"\b(?:{WORDS[role]})\b", words)), None)


def short_name(text: str) -> str:
    """Make a step name of a heading: the words of its first clause that say something, in plain letters; empty when there are none."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower().replace("'", "")
    clauses = re.split(r"[,;:(?!]| - |--|\.\s", letters)
    words = next((words for each in clauses if (words := _significant(each))), [])
    name = ""
    for word in words[:MOST_WORDS]:
        longer = f"{name}-{word}" if name else word
        if len(longer) > LONGEST_NAME and name:
            break
        name = longer[:LONGEST_NAME]
    return name.strip("-") if name[:1].isalpha() else ""


def is_one_word(text: str) -> bool:
    """Tell whether a heading has one word that says something."""
    return len([word for word in re.findall(r"\w+", text.lower()) if word not in SMALL]) == 1


def _significant(clause: str) -> list[str]:
    """List the words that name something, up to the preposition that begins the rest."""
    found: list[str] = []
    for word in re.findall(r"[a-z][a-z0-9]*|\d+", clause):
        if word in PREPOSITIONS and found:
            break
        if word not in SMALL and word not in PREPOSITIONS:
            found.append(word)
    return found
