"""The text of a policy → `Policy`: ``PSI > 0.2 on any top-10 feature for 3 windows, or ADWIN on error; at most once a day``.

::

    policy    = trigger { ("," ["or"] | "or") trigger } { ";" guard }
    trigger   = condition { "and" condition }
    condition = MEASURE ">" NUMBER "on" scope [ "for" WHOLE "windows" ]
              | DETECTOR "on" "error"
              | ["estimated"] METRIC ( "<" | ">" ) NUMBER [ "for" WHOLE "windows" ]
              | ["estimated"] METRIC "drops" "by" NUMBER [ "for" WHOLE "windows" ]
              | "age" ">" NUMBER "days"
    scope     = "any" [ "top" "-" WHOLE ] "feature" | "feature" NAME | "prediction"
    guard     = "at" "most" ( "once" | "twice" | WHOLE "times" ) ( "a" | "per" ) PERIOD
              | "at" "least" WHOLE "new" "labelled" "rows"
              | "human" "approval" "above" "budget" [ NUMBER ]
              | "budget" NUMBER ( "a" | "per" ) PERIOD
              | "input" "drift" "retrains"

MEASURE is PSI, KS, Jensen-Shannon, Wasserstein or Cramer; DETECTOR is ADWIN, DDM, EDDM or Page-Hinkley; PERIOD is hour, day, week or month.
The number after "above budget" may be left out where the budget is given beside the text. A METRIC or NAME is a word, or anything between backquotes. Words are read in any case; singular and plural are one. `wording.py` writes it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from jupyter_mlops.feedback.policy import (
    Age,
    Alarm,
    Condition,
    Detector,
    Drop,
    Level,
    Measure,
    Period,
    Place,
    Policy,
    PolicyError,
    Rate,
    Scope,
    Shift,
    Trigger,
)
from jupyter_mlops.feedback.wording import KEYWORDS, singular

_TOKEN = re.compile(
    r"\s*(?:(?P<name>`[^`]*`)|(?P<word>Jensen-Shannon|Page-Hinkley|[A-Za-z_][\w.]*)"
    r"|(?P<number>-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)|(?P<sign>[<>,;-])|(?P<strange>\S))",
    re.IGNORECASE,
)
_MEASURES = {each.value.lower(): each for each in Measure}
_DETECTORS = {each.value.lower(): each for each in Detector}
_PERIODS = {each.value: each for each in Period}
_TIMES = {"once": 1, "twice": 2}


class _Token(NamedTuple):
    kind: str
    text: str
    column: int

    @property
    def word(self) -> str:
        return singular(self.text) if self.kind in {"word", "sign"} else ""


def parse_policy(text: str, *, budget: float | None = None) -> Policy:
    """Read a policy; `budget` is the number that the text may leave out after "above budget".

    Raises
    ------
    PolicyError
        With the column (from 1), the word that stands there and the words that were expected, and the text with a mark under the place.
    """
    return _Parser(text, budget).policy()


class _Parser:
    def __init__(self, text: str, budget: float | None) -> None:
        self._text = text
        self._budget = budget
        self._tokens = [
            _Token(str(found.lastgroup), found[str(found.lastgroup)], found.start(str(found.lastgroup)) + 1)
            for found in _TOKEN.finditer(text)
        ]
        self._tokens.append(_Token("end", "", len(text.rstrip()) + 1))
        self._at = 0
        self._expected: list[str] = []  # everything that was looked for at this place: what a message names

    def policy(self) -> Policy:
        triggers = [self._trigger()]
        while self._take(",", "or"):
            self._take("or")
            triggers.append(self._trigger())
        guards: dict[str, object] = {}
        while self._take(";"):
            if self._now.kind == "end" and guards:
                break
            place = self._at
            name, value = self._guard()
            if name in guards:
                self._at, self._expected = place, ["another guard; this one stands twice"]
                self._fail()
            guards[name] = value
        if self._now.kind != "end":
            self._fail()
        return Policy(triggers=tuple(triggers), **guards)  # type: ignore[arg-type] # each guard has the type of its field

    @property
    def _now(self) -> _Token:
        return self._tokens[self._at]

    def _trigger(self) -> Trigger:
        conditions = [self._condition()]
        while self._take("and"):
            conditions.append(self._condition())
        return Trigger(tuple(conditions))

    def _condition(self) -> Condition:
        if word := self._take(*_MEASURES):
            self._need(">")
            above = self._number()
            self._need("on")
            return Shift(_MEASURES[word], above, self._scope(), self._windows())
        if word := self._take(*_DETECTORS):
            self._need("on")
            self._need("error")
            return Alarm(_DETECTORS[word])
        if self._take("age"):
            self._need(">")
            days = self._number()
            self._need("day")
            return Age(days)
        estimated = bool(self._take("estimated"))
        metric = self._name("a metric")
        if self._take("drops"):
            self._need("by")
            return Drop(metric, self._number(), estimated, self._windows())
        sign = self._need("<", ">")
        return Level(metric, self._number(negative=True), sign == "<", estimated, self._windows())

    def _scope(self) -> Scope:
        word = self._need("any", "feature", "prediction")
        if word == "prediction":
            return Scope(Place.PREDICTION)
        if word == "feature":
            return Scope(Place.FEATURE, 0, self._name("a column's name"))
        scope = Scope(Place.ANY)
        if self._take("top"):
            # `top-10` is read as `top` and the number -10: a sign of its own stands there only before a blank.
            if self._now.kind == "number" and self._now.text.startswith("-"):
                scope = Scope(Place.TOP, self._whole(self._now.text[1:]))
                self._step()
            else:
                self._need("-")
                scope = Scope(Place.TOP, self._count())
        self._need("feature")
        return scope

    def _windows(self) -> int:
        if not self._take("for"):
            return 1
        count = self._count()
        self._need("window")
        return count

    def _guard(self) -> tuple[str, object]:
        word = self._need("at", "human", "budget", "input")
        if word == "at":
            if self._need("most", "least") == "most":
                times = self._take(*_TIMES)
                amount = _TIMES[times] if times else self._count()
                if not times:
                    self._need("times", "time")
                return "at_most", Rate(amount, self._period())
            rows = self._count()
            for each in ("new", "labelled", "row"):
                self._need(each)
            return "rows", rows
        if word == "human":
            for each in ("approval", "above", "budget"):
                self._need(each)
            if self._budget is not None and self._now.kind != "number":
                return "approval_above", float(self._budget)
            return "approval_above", self._number()
        if word == "budget":
            return "budget", Rate(self._number(), self._period())
        self._need("drift")
        self._need("retrains")
        return "input_drift_retrains", True

    def _period(self) -> Period:
        self._need("a", "an", "per")
        return _PERIODS[self._need(*_PERIODS)]

    def _take(self, *words: str) -> str:
        """Step over one of the words, if one stands here."""
        self._expected += [f"`{each}`" for each in words]
        found = self._now.word
        if found not in words:
            return ""
        self._step()
        return found

    def _need(self, *words: str) -> str:
        return self._take(*words) or self._fail()

    def _name(self, what: str) -> str:
        self._expected.append(what)
        token = self._now
        name = token.text.strip("`") if token.kind == "name" else token.text
        if token.kind not in {"name", "word"} or not name or (token.kind == "word" and token.word in KEYWORDS):
            self._fail()
        self._step()
        return name

    def _number(self, *, negative: bool = False) -> float:
        self._expected.append("a number")
        if self._now.kind != "number" or (self._now.text.startswith("-") and not negative):
            self._fail()
        value = float(self._now.text)
        self._step()
        return value

    def _count(self) -> int:
        self._expected.append("a whole number of at least 1")
        count = self._whole(self._now.text if self._now.kind == "number" else "")
        self._step()
        return count

    def _whole(self, text: str) -> int:
        if not text.isascii() or not text.isdigit() or int(text) < 1:
            self._expected.append("a whole number of at least 1")
            self._fail()
        return int(text)

    def _step(self) -> None:
        self._at += 1
        self._expected = []

    def _fail(self) -> str:
        token = self._now
        found = f"`{token.text.strip('`')}`" if token.text else "the end"
        expected = list(dict.fromkeys(self._expected)) or ["the end"]
        words = expected[0] if len(expected) == 1 else f"{', '.join(expected[:-1])} or {expected[-1]}"
        line = self._text.replace("\n", " ")
        raise PolicyError(f"column {token.column}: found {found}, expected {words}\n  {line}\n  {' ' * (token.column - 1)}^")
