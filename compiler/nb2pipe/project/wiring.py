"""The steps in order → `pipeline.py`, which calls them, and `__main__.py`, which takes the parameters from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.ir.pipeline import ParameterType
from nb2pipe.project.layout import indented
from nb2pipe.project.model import argument_of, default_of
from nb2pipe.project.naming import unused
from nb2pipe.project.placing import Home, awaits

if TYPE_CHECKING:
    from nb2pipe.ir.pipeline import Parameter
    from nb2pipe.project.model import Function, Project, Value
    from nb2pipe.project.placing import Placing


def ordered_parameters(project: Project) -> list[Parameter]:
    """List the parameters, those without a default first."""
    return sorted(project.pipeline.parameters, key=lambda parameter: bool(default_of(parameter)))


def pipeline_text(project: Project, placing: Placing) -> str:
    """Write the module that runs all steps."""
    return _Wiring(project, placing).text()


class _Wiring:
    """Writes `run`: one call per step, in the order of the pipeline."""

    def __init__(self, project: Project, placing: Placing) -> None:
        self.project = project
        given = {parameter.name for parameter in project.pipeline.parameters} | {
            "Results",
            "dataclass",
            "asyncio",
            "copy",
            "run",
            project.standins,
        }
        self.calls: dict[str, str] = {}
        self.results: dict[str, str] = {}
        for function in project.functions:
            taken = given | set(self.calls.values()) | set(self.results.values())
            self.calls[function.step.name] = unused(function.name, taken)
            self.results[function.step.name] = unused(f"{function.module}_{'outputs' if function.outputs else 'ran'}", taken)
        self.waiting = {
            function.step.name
            for function in project.functions
            if any(awaits(piece.tree) for piece in placing.pieces[function.step.name] if placing.homes[piece] is Home.STEP)
        }

    def text(self) -> str:
        """Write the module."""
        exits = [function for function in self.project.functions if function.step.control.on_exit]
        steps = [function for function in self.project.functions if not function.step.control.on_exit]
        lines = ["import asyncio"] if self.waiting else []
        lines += ["import copy"] if any(value.copied for function in self.project.functions for value in function.takes) else []
        lines += ["from dataclasses import dataclass", ""]
        lines += [f"from . import {self.project.standins}"] if exits else []
        lines += sorted(self._import(function) for function in self.project.functions)
        fields = "".join(f"    {function.module}: {self._type(function)}\n" for function in self.project.functions)
        results = f'@dataclass(frozen=True, eq=False)\nclass Results:\n    """What each step handed on; for a step that hands nothing on, whether it ran."""\n\n{fields}'
        parameters = [argument_of(each) for each in ordered_parameters(self.project)]
        head = f"def run({'*, ' if parameters else ''}{', '.join(parameters)}) -> Results:"
        if len(head) > 110:
            head = "def run(\n    *,\n" + "".join(f"    {each},\n" for each in parameters) + ") -> Results:"
        body = f"{head}\n    {self._docstring()}\n{self._body(steps, exits)}"
        return (
            f'{self.project.origin}\n"""The steps of {self.project.notebook}, in order."""\n\n'
            + "\n".join(lines)
            + f"\n\n\n{results}\n\n{body}"
        )

    def _import(self, function: Function) -> str:
        name, alias = function.name, self.calls[function.step.name]
        names = [f"{name} as {alias}" if alias != name else name]
        return f"from .steps.{function.module} import {', '.join([*([function.outputs] if function.outputs else []), *names])}"

    def _type(self, function: Function) -> str:
        kind = function.outputs or "bool"
        return f"{kind} | None" if function.outputs and function.step.control.when else kind

    def _docstring(self) -> str:
        return '"""Run all steps, in one process."""'

    def _body(self, steps: list[Function], exits: list[Function]) -> str:
        calls = "\n".join(self._step(function) for function in steps)
        values = ", ".join(f"{function.module}={self.results[function.step.name]}" for function in self.project.functions)
        end = f"    return Results({values})\n"
        if len(end) > 120:
            end = "    return Results(\n" + "".join(f"        {each},\n" for each in values.split(", ")) + "    )\n"
        if not exits:
            return indented(calls) + "\n" + end
        last = "\n".join(self._step(function) for function in exits)
        inside = f"    with {self.project.standins}.reporting():\n" + indented(calls or "pass", 2)
        return indented(f"try:\n{inside}\nfinally:\n{indented(last)}") + "\n" + end

    def _step(self, function: Function) -> str:
        step, result = function.step, self.results[function.step.name]
        call = self._call(function)
        condition = self._condition(function)
        lines = (
            [f"# {step.name} loops over {step.control.foreach} itself; on a cluster each item is a task of its own"]
            if step.control.foreach
            else []
        )
        if function.outputs:
            ran = [f"{result} = {call}"]
            before = f"{result} = None"
        else:
            ran = [call, f"{result} = True"]
            before = f"{result} = False"
        if condition:
            return "\n".join([*lines, before, f"if {condition}:", *(indented(each) for each in ran)])
        return "\n".join([*lines, *ran])

    def _call(self, function: Function) -> str:
        arguments = [f"{value.name}={self._value(value)}" for value in function.takes]
        arguments += [f"{parameter.name}={parameter.name}" for parameter in function.parameters]
        name = self.calls[function.step.name]
        call = f"{name}({', '.join(arguments)})"
        if len(call) > 90:
            call = f"{name}(\n" + "".join(f"    {argument},\n" for argument in arguments) + ")"
        return f"asyncio.run({call})" if function.step.name in self.waiting else call

    def _value(self, value: Value) -> str:
        got = f"{self.results[value.source]}.{value.name}"
        return f"copy.deepcopy({got})" if value.copied else got

    def _condition(self, function: Function) -> str:
        name = function.step.control.when
        if not name:
            return ""
        return f"{self.results[function.decider]}.{name}" if function.decider else name


def main_text(project: Project) -> str:
    """Write the command line."""
    options = [_option(parameter) for parameter in project.pipeline.parameters]
    uses_json = any("json." in option for option in options)
    imports = "import argparse\n" + ("import json\n" if uses_json else "")
    lines = "".join(f"    options.add_argument({option})\n" for option in options)
    values = ", ".join(f"{each.name}=given.{each.name}" for each in project.pipeline.parameters)
    parse = "    given = options.parse_args()\n" if options else "    options.parse_args()\n"
    return (
        f'{project.origin}\n"""Run the pipeline: python -m {project.package}."""\n\n{imports}\nfrom .pipeline import run\n\n\n'
        f'def main() -> None:\n    """Run all steps with the parameters of the command line."""\n'
        f"    options = argparse.ArgumentParser(prog={project.package!r})\n{lines}{parse}    run({values})\n\n\n"
        'if __name__ == "__main__":\n    main()\n'
    )


def _option(parameter: Parameter) -> str:
    default = default_of(parameter)
    flag = f'"--{parameter.name.replace("_", "-")}", dest="{parameter.name}"'
    rest = [f"default={default}"] if default else ["required=True"]
    rest += [f"help={parameter.description.replace('%', '%%')!r}"] if parameter.description else []
    if parameter.type is ParameterType.BOOL and not parameter.optional:
        return ", ".join([flag, "action=argparse.BooleanOptionalAction", *rest])
    plain = {ParameterType.INT: "int", ParameterType.FLOAT: "float", ParameterType.STR: "str"}
    kind = "json.loads" if parameter.optional and parameter.type is not ParameterType.STR else plain.get(parameter.type, "json.loads")
    return ", ".join([flag, f"type={kind}", *rest])
