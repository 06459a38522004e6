"""A trigger condition in CEL → whether it reads as an expression, and which inputs it reads.

The subset that KFP conditions use: literals, `inputs.parameter_values['x']`, calls, operators, `? :`.  What is outside CEL's grammar is found; types are not.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?u?)"
    r"|(?P<string>'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\")"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<operator>&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()\[\]{}]))"
)
_BINARY = frozenset({"&&", "||", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "in"})
_INPUT = re.compile(r"inputs\s*\.\s*parameter_values\s*\[\s*(?:'([^'\\]*)'|\"([^\"\\]*)\")\s*\]")


def condition_inputs(condition: str) -> list[str]:
    """The parameters that a condition reads, in order.

    Examples
    --------
    >>> condition_inputs("int(inputs.parameter_values['a']) > 2 && inputs.parameter_values['b'] == 'x'")
    ['a', 'b']
    """
    return [first or second for first, second in _INPUT.findall(condition)]


def condition_error(condition: str) -> str | None:
    """Say what is wrong with a condition's syntax, or None.

    Examples
    --------
    >>> condition_error("!(inputs.parameter_values['a'] == true)")
    >>> condition_error("inputs.parameter_values['a'] ==")
    'the expression ends where a value is expected'
    """
    tokens, rest = [], condition.rstrip()
    while rest:
        match = _TOKEN.match(rest)
        if match is None:
            return f"`{rest.strip()[:12]}` is not a token of CEL"
        tokens.append((match.lastgroup or "", match[0].strip()))
        rest = rest[match.end() :]
    parser = _Parser(tokens)
    try:
        parser.expression()
    except SyntaxError as error:
        return str(error)
    return None if parser.at_end() else f"`{parser.peek()}` stands after the end of the expression"


class _Parser:
    """A recursive descent over CEL's grammar; precedence does not matter to syntax."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._place = 0

    def at_end(self) -> bool:
        return self._place == len(self._tokens)

    def peek(self) -> str:
        return "" if self.at_end() else self._tokens[self._place][1]

    def expression(self) -> None:
        self._unary()
        while self.peek() in _BINARY:
            self._place += 1
            self._unary()
        if self._take("?"):
            self.expression()
            self._expect(":")
            self.expression()

    def _unary(self) -> None:
        while self.peek() in {"!", "-"}:
            self._place += 1
        self._primary()
        while True:
            if self._take("."):
                self._name()
            elif self._take("["):
                self.expression()
                self._expect("]")
            elif self._take("("):
                self._arguments(")")
            else:
                return

    def _primary(self) -> None:
        if self._take("("):
            self.expression()
            self._expect(")")
        elif self._take("["):
            self._arguments("]")
        elif self._take("{"):
            self._arguments("}", is_map=True)
        elif self.at_end():
            raise SyntaxError("the expression ends where a value is expected")
        elif self._tokens[self._place][0] == "operator":
            raise SyntaxError(f"`{self.peek()}` stands where a value is expected")
        else:
            self._place += 1

    def _name(self) -> None:
        if self.at_end() or self._tokens[self._place][0] != "name":
            raise SyntaxError("a name is expected after the point")
        self._place += 1

    def _arguments(self, end: str, *, is_map: bool = False) -> None:
        if self._take(end):
            return
        while True:
            self.expression()
            if is_map:
                self._expect(":")
                self.expression()
            if not self._take(","):
                break
        self._expect(end)

    def _take(self, token: str) -> bool:
        if self.peek() == token and not self.at_end():
            self._place += 1
            return True
        return False

    def _expect(self, token: str) -> None:
        if not self._take(token):
            raise SyntaxError(f"`{token}` is expected, found `{self.peek()}`" if self.peek() else f"`{token}` is expected at the end")
