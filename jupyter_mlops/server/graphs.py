"""The pipeline of an outline → the graph that is drawn: steps with their places, what crosses, where it is made and used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.chips import of_step

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nb2pipe.diagnostics.place import FileText
    from nb2pipe.ir.pipeline import Pipeline, Port, Step
    from nb2pipe.outline import Outline
    from nb2pipe.source import Span

Json = dict[str, Any]


def graph_of(outline: Outline) -> Json | None:
    """Return the schema's `Graph`, None when there is no pipeline."""
    return None if outline.pipeline is None else _Graph(outline, outline.pipeline).data()


class _Graph:
    def __init__(self, outline: Outline, pipeline: Pipeline) -> None:
        self._outline = outline
        self._pipeline = pipeline
        self._order = {step.name: index for index, step in enumerate(pipeline.steps)}
        self._inputs = {(step.name, port.name): port for step in pipeline.steps for port in step.inputs}
        self._sources: dict[tuple[str, str], list[str]] = {}
        self._targets: dict[tuple[str, str], list[str]] = {}
        for edge in pipeline.edges:
            self._sources.setdefault((edge.consumer.step, edge.consumer.port), []).append(edge.producer.step)
            self._targets.setdefault((edge.producer.step, edge.producer.port), []).append(edge.consumer.step)

    def data(self) -> Json:
        from jupyter_mlops.provenance.layout import layered

        edges = self._edges()
        pairs = [(self._order[each["source"]], self._order[each["target"]]) for each in edges]
        spots = layered(len(self._order), pairs)
        return {
            "name": self._pipeline.name,
            "parameters": [
                {"name": p.name, "type": p.type.value, "default": p.default, "optional": p.optional, "description": p.description}
                for p in self._pipeline.parameters
            ],
            "nodes": [
                self._node(step, index, spot.layer, round(spot.row, 3))
                for index, (step, spot) in enumerate(zip(self._pipeline.steps, spots, strict=True))
            ],
            "edges": edges,
        }

    def _node(self, step: Step, colour: int, layer: int, row: float) -> Json:
        return {
            "name": step.name,
            "cells": [str(cell) for cell in step.cells],
            "colour": colour,
            "role": "gate" if step.gate is not None else step.role,
            "chips": of_step(step),
            "layer": layer,
            "row": row,
            "receives": [self._received(step, port) for port in step.inputs],
            "hands_on": [self._handed(step, port) for port in step.outputs],
            "parameters": list(step.parameters),
            "foreach": step.control.foreach,
            "when": step.control.when,
            "on_exit": step.control.on_exit,
        }

    def _received(self, step: Step, port: Port) -> Json:
        return _crossing(port, self._sources.get((step.name, port.name), ()))

    def _handed(self, step: Step, port: Port) -> Json:
        return _crossing(port, self._takers(step.name, port.name))

    def _takers(self, step: str, port: str) -> list[str]:
        return sorted(set(self._targets.get((step, port), ())), key=self._order.__getitem__)

    def _edges(self) -> list[Json]:
        """Data first: between two steps there is one edge, which carries all that crosses; order alone where nothing does."""
        from nb2pipe.ir.order import predecessors

        values: dict[tuple[str, str], list[Json]] = {}
        for edge in self._pipeline.edges:
            port = self._inputs[edge.consumer.step, edge.consumer.port]
            pair = (edge.producer.step, edge.consumer.step)
            values.setdefault(pair, []).append(self._value(*pair, port, self._takers(edge.producer.step, edge.producer.port)))
        for name, before in predecessors(self._pipeline).items():
            for other in before:
                values.setdefault((other, name), [])
        ordered = sorted(values, key=lambda pair: (self._order[pair[0]], self._order[pair[1]]))
        return [{"source": a, "target": b, "kind": "data" if values[a, b] else "order", "values": values[a, b]} for a, b in ordered]

    def _value(self, source: str, target: str, port: Port, takers: Iterable[str]) -> Json:
        found = [self._outline.crossings.get((source, target, name)) for name in port.names]
        return {
            "names": list(port.names),
            "type": _type(port),
            "detail": port.type,
            "made": _uses((span for each in found if each for span in each.made), self._outline.file),
            "used": _uses((span for each in found if each for span in each.used), self._outline.file),
            "also": [step for step in takers if step != target],
        }


def _crossing(port: Port, steps: Iterable[str]) -> Json:
    return {"names": list(port.names), "type": _type(port), "detail": port.type, "steps": list(dict.fromkeys(steps))}


def _type(port: Port) -> str:
    return port.parameter.value if port.parameter else port.artifact.value


def _uses(spans: Iterable[Span], file: FileText) -> list[Json]:
    from nb2pipe.diagnostics.as_json import place_data

    places: list[Mapping[str, Any] | None] = [place_data(span, file) for span in spans]
    return [{"cell": place["cell"], "range": place["range"]} for place in places if place is not None]
