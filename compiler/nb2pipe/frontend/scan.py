"""The text of a cell → where IPython's special lines stand in it, by the rules of IPython's own tokenizer-based search.

Special are logical lines that begin with one of ``% ! ? , ; /``, that assign from ``%`` or ``!``, or that end in ``?``. Text inside
strings, brackets and comments never is. A special line is not Python, so nothing in it opens a string or bracket.
"""

from __future__ import annotations

import re

from nb2pipe.record import record

TOKEN = r"""(?xs)
    (?P<comment> \#[^\n]*)
  | (?P<string> (?i:[rbuft]|rb|br|rf|fr|rt|tr)?
        (?: '''(?:[^\\]|\\.)*?(?:'''|\Z) | \"\"\"(?:[^\\]|\\.)*?(?:\"\"\"|\Z)
          | '(?:[^'\\\n]|\\.)*(?:'|(?=\n)|\Z) | "(?:[^"\\\n]|\\.)*(?:"|(?=\n)|\Z) ))
  | (?P<open> [(\[{])
  | (?P<close> [)\]}])
  | (?P<joined> \\\n)
  | (?P<newline> \n)
  | (?P<operator> [=!<>+\-*/%@&|^:]=(?!=) | == )
  | (?P<assign> =)
  | (?P<space> [^\S\n]+)
  | (?P<word> \w+)
  | (?P<other> .)
"""
ASSIGNED = r"[^\S\n]*(!|%(?=[^\W\d]))"
REST = r"(?:[^\n]*\\\n)*[^\n]*"
HELP = r"(%{0,2}(?!\d)[\w*]+(?:\.(?!\d)[\w*]+|\[-?[0-9]+\])*)(\?\??)$"


@record()
class Special:
    """A special line: offsets of its first character and past its last, and for help what is asked about."""

    start: int
    end: int
    kind: str  # "escape", "assign", "help"
    target: tuple[str, str] = ("", "")


def find_specials(text: str) -> list[Special]:
    """Find the special lines of a cell, in order."""
    token = re.compile(TOKEN)
    found: list[Special] = []
    at = first = depth = 0
    last, fresh, assign = "", True, False
    line: list[Special] = []
    while at <= len(text):
        match = token.match(text, at)
        kind = (match.lastgroup or "") if match else "newline"
        word = match[0] if match else ""
        if fresh and word[:1] and word[0] in "%!?,;/" and not depth:
            end = _end(text, at)
            found.append(_help(text, at, end) or Special(at, end, "escape"))
            at = end + 1
            continue
        if kind == "newline" and (not depth or not match):
            asked = None if fresh or last != "?" else _help(text, first, at)
            found += [asked] if asked else line
            last, fresh, assign, line = "", True, False, []
        elif kind not in {"space", "comment", "joined", "newline"}:
            if fresh:
                first, fresh = at, False
            last = word
            depth = max(0, depth + (kind == "open") - (kind == "close"))
            if kind == "assign" and not depth and not assign:
                assign = True
                start = re.compile(ASSIGNED).match(text, at + 1)
                if start:
                    end = _end(text, start.start(1))
                    line.append(Special(start.start(1), end, "assign"))
                    last = _last(text[start.start(1) : end])
                    at = end
                    continue
        elif kind == "comment":
            last = word
        if not match:
            break
        at = match.end()
    return found


def _end(text: str, start: int) -> int:
    """Find where a special line ends: at the newline that no backslash precedes."""
    match = re.compile(REST).match(text, start)
    return match.end() if match else len(text)


def _help(text: str, start: int, end: int) -> Special | None:
    """Read a line that ends in ``?`` as a question, unless the mark stands in a string or comment."""
    asked = re.search(HELP, text[start:end])
    if not asked or end - start == len(asked[2]) or _last(text[start:end]) != "?":
        return None
    return Special(start, end, "help", (asked[1], asked[2]))


def _last(text: str) -> str:
    """Return the last token of a line, comments included."""
    last = ""
    for match in re.finditer(TOKEN, text):
        if match.lastgroup not in {"space", "joined", "newline"}:
            last = match[0]
    return last
