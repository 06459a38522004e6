"""Who gets which value from where, across the borders of DAGs.

KFP lets a task see only its own DAG.  A value from outside comes in through an input of every DAG on the way, a value from inside goes out through an
output of every DAG on the way, and where it leaves a fan-out it becomes a list.  `Wiring` opens these doors on demand, each once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.backends.base import control_port, seen_inside
from nb2pipe.backends.kfp.groups import Group, Kind
from nb2pipe.backends.kfp.kinds import Type, item_type, parameter_type, port_type
from nb2pipe.errors import InternalError
from nb2pipe.record import field, record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nb2pipe.emit.yaml import Json
    from nb2pipe.ir.pipeline import Parameter, Pipeline, Port, Step

STATUS_INPUT = "run-status"


@record()
class Value:
    """Something that can be passed on: an output of `step`, a pipeline parameter, the item of a fan-out, or how the run ended."""

    name: str
    step: str | None = None
    loop: str | None = None


STATUS = Value(STATUS_INPUT)


@record(frozen=False)
class Doors:
    """What goes in and out of one DAG: types by name, and where each input and output comes from."""

    inputs: dict[str, Type] = field(default_factory=dict)
    outputs: dict[str, Type] = field(default_factory=dict)
    bindings: dict[str, dict[str, Json]] = field(default_factory=dict)
    selectors: dict[str, tuple[str, str]] = field(default_factory=dict)
    names: dict[Value, str] = field(default_factory=dict)
    exits: dict[Value, str] = field(default_factory=dict)
    items: str = ""
    item: str = ""
    flag: str = ""


class Wiring:
    """All doors of one pipeline's DAGs."""

    def __init__(self, pipeline: Pipeline, root: Group, ids: Mapping[str, str]) -> None:
        self.ids = ids
        self._parameters = {parameter.name: parameter for parameter in pipeline.parameters}
        self._steps = {step.name: step for step in pipeline.steps}
        self._sources = {(edge.consumer.step, edge.consumer.port): edge.producer for edge in pipeline.edges}
        self._homes: dict[str, Group] = {}
        self._doors: dict[Group, Doors] = {}
        self._place(root)

    def doors(self, group: Group) -> Doors:
        """The inputs and outputs of a DAG, as far as they have been needed yet."""
        return self._doors[group]

    def task_id(self, member: Group | Step) -> str:
        """The id of a task in its DAG."""
        return member.id if isinstance(member, Group) else self.ids[member.name]

    def home(self, step: str) -> Group:
        """The DAG that a step stands in."""
        return self._homes[step]

    def connect(self, root: Group) -> dict[str, dict[str, dict[str, Json]]]:
        """Give every step its inputs and open all doors that they need: by step, by input, a KFP input binding."""
        self._open(root)
        return {
            name: {key: self._resolve(self._homes[name], value) for key, value in self.step_values(step).items()}
            for name, step in self._steps.items()
        }

    def _place(self, group: Group) -> None:
        self._doors[group] = Doors()
        for member in group.members:
            if isinstance(member, Group):
                self._place(member)
            else:
                self._homes[member.name] = group

    def _open(self, group: Group) -> None:
        """Make the doors that a DAG has by its kind: the list and its item, the flag, the run's status."""
        doors = self._doors[group]
        if group.kind is Kind.LOOP and group.parent:
            step = _first_step(group)
            value = self._control_value(step, group.name)
            doors.items = self._admit(group, value)
            # The backend takes the list away inside an iteration: another user of the list needs a door of its own.
            del doors.names[value]
            doors.item = _free(f"{group.name}-item", doors.inputs)
            doors.inputs[doors.item] = item_type(None if value.step else self._parameter(value.name))
            doors.names[Value(f"{group.name}-item", loop=group.id)] = doors.item
        elif group.kind is Kind.BRANCH and group.parent:
            doors.flag = self._admit(group, self._control_value(_first_step(group), group.name))
        elif group.kind is Kind.EXIT:
            doors.inputs[STATUS_INPUT] = Type("TASK_FINAL_STATUS", is_parameter=True, is_optional=True)
            doors.names[STATUS] = STATUS_INPUT
            doors.bindings[STATUS_INPUT] = self._resolve(group.path()[0], STATUS)
        for member in group.members:
            if isinstance(member, Group):
                self._open(member)

    def step_values(self, step: Step) -> dict[str, Value]:
        """What a step reads, by the name of the input; the list of its own fan-out arrives as one item."""
        foreach, inside = step.control.foreach, seen_inside(step)
        values: dict[str, Value] = {name: Value(name) for name in inside.parameters}
        values |= {port.name: self._source(step, port) for port in inside.inputs}
        if foreach:
            loop = next(group.id for group in self._homes[step.name].path() if group.kind is Kind.LOOP)
            values[f"{foreach}-item"] = Value(f"{foreach}-item", loop=loop)
        if step.control.on_exit:
            values[STATUS_INPUT] = STATUS
        return values

    def input_type(self, step: Step, name: str) -> Type:
        """The type that a step's own input has."""
        for port in step.inputs:
            if port.name == name:
                return port_type(port, is_list=port.collect is not None)
        if name == STATUS_INPUT:
            return Type("TASK_FINAL_STATUS", is_parameter=True, is_optional=True)
        foreach = step.control.foreach
        if foreach and name == f"{foreach}-item":
            return item_type(None if control_port(step, foreach) else self._parameter(foreach))
        return parameter_type(self._parameter(name))

    def _control_value(self, step: Step, name: str) -> Value:
        port = control_port(step, name)
        return self._source(step, port) if port else Value(name)

    def _source(self, step: Step, port: Port) -> Value:
        producer = self._sources.get((step.name, port.name))
        if producer is None:
            message = f"NB901 broken-invariant: input `{port.name}` of step `{step.name}` has no edge"
            raise InternalError(message)
        return Value(producer.port, step=producer.step)

    def _parameter(self, name: str) -> Parameter:
        if name not in self._parameters:
            message = f"NB901 broken-invariant: `{name}` is neither a pipeline parameter nor an input"
            raise InternalError(message)
        return self._parameters[name]

    def _type(self, value: Value) -> Type:
        if value.step is None:
            return parameter_type(self._parameter(value.name))
        for port in self._steps[value.step].outputs:
            if port.name == value.name:
                return port_type(port)
        message = f"NB901 broken-invariant: step `{value.step}` has no output `{value.name}`"
        raise InternalError(message)

    def _resolve(self, group: Group, value: Value) -> dict[str, Json]:
        """How a task inside `group` names a value, opening the doors it needs."""
        doors = self._doors[group]
        if value.step is not None:
            path = self._homes[value.step].path()
            if group in path:
                task, key, kind = self._leave(group, value)
                return {f"taskOutput{kind.word}": {"producerTask": task, f"output{kind.word}Key": key}}
        elif value is STATUS and group.kind is Kind.ROOT:
            return {"taskFinalStatus": {"producerTask": body_of(group).id}}
        elif group.kind is Kind.ROOT and value.loop is None:
            return {"componentInputParameter": self._parameter(value.name).name}
        if value not in doors.names:
            self._admit(group, value)
        name = doors.names[value]
        return {f"componentInput{doors.inputs[name].word}": name}

    def _admit(self, group: Group, value: Value) -> str:
        """Open an input of a DAG for a value from outside."""
        if group.parent is None:
            message = f"NB901 broken-invariant: nothing outside the pipeline provides `{value.name}`"
            raise InternalError(message)
        doors = self._doors[group]
        binding = self._resolve(group.parent, value)
        name = _free(self._label(value), doors.inputs)
        doors.inputs[name] = self._type_outside(group.parent, value)
        doors.bindings[name] = binding
        doors.names[value] = name
        return name

    def _label(self, value: Value) -> str:
        """What a door is called; the SDK's local runner finds a condition's flag by this spelling only, task, two dashes, key."""
        return value.name if value.step is None else f"{self.ids[value.step]}--{value.name}"

    def _type_outside(self, group: Group, value: Value) -> Type:
        """The type a value has for the tasks of `group`."""
        if value.loop is not None or value is STATUS or (value.step is not None and group not in self._homes[value.step].path()):
            doors = self._doors[group]
            return doors.inputs[doors.names[value]]
        if value.step is None:
            return self._type(value)
        return self._leave(group, value)[2]

    def _leave(self, group: Group, value: Value) -> tuple[str, str, Type]:
        """Which task of `group` gives an output of one of its steps, under which key, of which type; opens outputs on the way."""
        home = self._homes[value.step or ""]
        if home is group:
            return self.ids[value.step or ""], value.name, self._type(value)
        inner = home.path()[len(group.path())]
        doors = self._doors[inner]
        if value not in doors.exits:
            task, key, kind = self._leave(inner, value)
            name = _free(self._label(value), doors.outputs)
            doors.exits[value] = name
            doors.outputs[name] = kind.listed() if inner.kind is Kind.LOOP else kind
            doors.selectors[name] = (task, key)
        name = doors.exits[value]
        return inner.id, name, doors.outputs[name]


def body_of(root: Group) -> Group:
    """The DAG that an exit handler watches."""
    for member in root.members:
        if isinstance(member, Group) and member.kind is Kind.BODY:
            return member
    message = "NB901 broken-invariant: an exit step has no other step to wait for"
    raise InternalError(message)


def _first_step(group: Group) -> Step:
    member = group.members[0]
    return _first_step(member) if isinstance(member, Group) else member


def _free(wanted: str, taken: Mapping[str, object]) -> str:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    return name
