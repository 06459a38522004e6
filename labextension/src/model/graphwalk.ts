/** Where arrow keys lead in a graph, and what belongs together. */
import type { EdgeValue, Graph } from '../api/generated';
import { edgeKey, type IPlacedNode, type IPlan } from './graphplan';
import type { IBox } from './viewport';

/** A thing in the graph. */
export type Place = { kind: 'step'; name: string } | { kind: 'edge'; key: string } | { kind: 'parameter'; name: string };

export type Direction = 'up' | 'down' | 'left' | 'right';

/** What is lit when a thing, or one value on an edge, is looked at. */
export interface ILit {
  steps: ReadonlySet<string>;
  edges: ReadonlySet<string>;
  parameters: ReadonlySet<string>;
}

/** The neighbour of a thing in a direction, or null: along edges up and down, along rows left and right. */
export function walk(plan: IPlan, at: Place, direction: Direction): Place | null {
  switch (at.kind) {
    case 'step':
      return fromStep(plan, at.name, direction);
    case 'edge':
      return fromEdge(plan, at.key, direction);
    case 'parameter':
      return fromParameter(plan, at.name, direction);
  }
}

/** Where to begin. */
export function firstPlace(plan: IPlan): Place | null {
  const [node] = [...plan.nodes].sort((a, b) => a.y - b.y || a.x - b.x);
  return node ? step(node) : null;
}

/** From a step to its edges, one after the other, those that leave it; where none does, to one that enters. After the last comes the step again. */
export function nextEdge(plan: IPlan, at: Place): Place | null {
  const name = at.kind === 'edge' ? plan.edges.find(({ key }) => key === at.key)?.edge.source : at.name;
  const leaving = plan.edges.filter(({ edge }) => edge.source === name);
  const next = leaving[at.kind === 'edge' ? leaving.findIndex(({ key }) => key === at.key) + 1 : 0];
  const found = next ?? (at.kind === 'step' ? plan.edges.find(({ edge }) => edge.target === name) : undefined);
  return found ? { kind: 'edge', key: found.key } : at.kind === 'edge' && name !== undefined ? { kind: 'step', name } : null;
}

/** Where a thing stands. */
export function boxOf(plan: IPlan, at: Place): IBox | null {
  switch (at.kind) {
    case 'step':
      return plan.nodes.find(({ node }) => node.name === at.name) ?? null;
    case 'parameter':
      return plan.parameters.find(({ parameter }) => parameter.name === at.name) ?? null;
    case 'edge': {
      const edge = plan.edges.find(({ key }) => key === at.key);
      const target = plan.nodes.find(({ node }) => node.name === edge?.edge.target);
      return edge?.label ? { x: edge.label.x - edge.label.width / 2, y: edge.label.y, width: edge.label.width, height: 28 } : (target ?? null);
    }
  }
}

/** What a thing touches. */
export function litBy(graph: Graph, at: Place): ILit {
  if (at.kind === 'step') {
    const edges = graph.edges.filter(edge => edge.source === at.name || edge.target === at.name);
    const parameters = graph.nodes.find(node => node.name === at.name)?.parameters ?? [];
    return lit([at.name, ...edges.flatMap(edge => [edge.source, edge.target])], edges.map(edgeKey), parameters);
  }
  if (at.kind === 'parameter') {
    return lit(graph.nodes.filter(node => node.parameters.includes(at.name)).map(node => node.name), [], [at.name]);
  }
  const edge = graph.edges.find(each => edgeKey(each) === at.key);
  return lit(edge ? [edge.source, edge.target] : [], [at.key], []);
}

/** All that uses a value: the step that makes it, the steps it goes to, and the edges between. */
export function litByValue(graph: Graph, source: string, value: EdgeValue): ILit {
  const carries = graph.edges.filter(edge => edge.source === source && edge.values.some(each => each.names.some(name => value.names.includes(name))));
  return lit([source, ...carries.map(edge => edge.target)], carries.map(edgeKey), []);
}

function lit(steps: readonly string[], edges: readonly string[], parameters: readonly string[]): ILit {
  return { steps: new Set(steps), edges: new Set(edges), parameters: new Set(parameters) };
}

const step = ({ node }: IPlacedNode): Place => ({ kind: 'step', name: node.name });
const middle = (box: IBox): number => box.x + box.width / 2;

function nearest<T extends IBox>(all: readonly T[], to: IBox): T | undefined {
  return [...all].sort((a, b) => Math.abs(middle(a) - middle(to)) - Math.abs(middle(b) - middle(to)))[0];
}

function fromStep(plan: IPlan, name: string, direction: Direction): Place | null {
  const here = plan.nodes.find(({ node }) => node.name === name);
  if (!here) {
    return firstPlace(plan);
  }
  if (direction === 'left' || direction === 'right') {
    const row = plan.nodes.filter(other => other.y === here.y).sort((a, b) => a.x - b.x);
    const next = row[row.indexOf(here) + (direction === 'left' ? -1 : 1)];
    return next ? step(next) : null;
  }
  const down = direction === 'down';
  const names = new Set(plan.edges.filter(({ edge }) => (down ? edge.source : edge.target) === name).map(({ edge }) => (down ? edge.target : edge.source)));
  const joined = plan.nodes.filter(other => names.has(other.node.name));
  const level = (other: IBox) => Math.abs(other.y - here.y);
  const next = nearest(joined.filter(other => level(other) === Math.min(...joined.map(level))), here) ?? beyond(plan, here, down);
  if (next) {
    return step(next);
  }
  const parameter = down ? undefined : nearest(plan.parameters, here);
  return parameter ? { kind: 'parameter', name: parameter.parameter.name } : null;
}

/** Where no edge leads, the nearest step of the next row: every step can be reached. */
function beyond(plan: IPlan, here: IPlacedNode, down: boolean): IPlacedNode | undefined {
  const others = plan.nodes.filter(other => (down ? other.y > here.y : other.y < here.y));
  const row = down ? Math.min(...others.map(other => other.y)) : Math.max(...others.map(other => other.y));
  return nearest(others.filter(other => other.y === row), here);
}

function fromEdge(plan: IPlan, key: string, direction: Direction): Place | null {
  const edge = plan.edges.find(each => each.key === key)?.edge;
  if (!edge) {
    return firstPlace(plan);
  }
  if (direction === 'up' || direction === 'down') {
    return { kind: 'step', name: direction === 'up' ? edge.source : edge.target };
  }
  const beside = plan.edges.filter(other => other.edge.target === edge.target).sort((a, b) => (a.label?.x ?? 0) - (b.label?.x ?? 0));
  const next = beside[beside.findIndex(other => other.key === key) + (direction === 'left' ? -1 : 1)];
  return next ? { kind: 'edge', key: next.key } : null;
}

function fromParameter(plan: IPlan, name: string, direction: Direction): Place | null {
  const index = plan.parameters.findIndex(({ parameter }) => parameter.name === name);
  const here = plan.parameters[index];
  if (!here || direction === 'up') {
    return here ? null : firstPlace(plan);
  }
  if (direction === 'down') {
    const users = plan.nodes.filter(({ node }) => node.parameters.includes(name));
    const next = nearest(users.length > 0 ? users : plan.nodes, here);
    return next ? step(next) : null;
  }
  const next = plan.parameters[index + (direction === 'left' ? -1 : 1)];
  return next ? { kind: 'parameter', name: next.parameter.name } : null;
}
