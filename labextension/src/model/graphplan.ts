/**
 * The graph of a pipeline → where all of it stands, in pixels. The server says the layer and row of each step (the layout that the lineage
 * report uses); layers go down, as the notebook does. Between two layers is as much room as the labels of the edges there need.
 */
import type { Graph, GraphEdge, Node, Parameter } from '../api/generated';
import { LABEL_HEIGHT, labelOf, packed, type ILabel } from './graphlabels';
import { routed, type IRoutedEdge } from './graphroutes';
import type { Measured } from './graphsizes';
import { textWidth } from './graphtext';
import type { IBox, ISize } from './viewport';

export const NODE: ISize = { width: 168, height: 52 };
export const COLUMN = 196;
export const DIAMOND = 18;
export const CAPTION = 16;
export const PARAMETER_HEIGHT = 22;
const STACK = 6;
const STRIP = 380;
const BETWEEN = 8;
const TURN = 34;
const ARROW = 20;
const CLEAR = 12;
const EXIT_GAP = 56;

/** A step with its place. */
export interface IPlacedNode extends IBox {
  node: Node;
}

/** An edge with its way, and its label when values cross. */
export interface IPlacedEdge {
  key: string;
  edge: GraphEdge;
  path: string;
  end: { x: number; y: number };
  label: ILabel | null;
}

export interface IPlacedParameter extends IBox {
  parameter: Parameter;
}

/** Everything with its place. */
export interface IPlan extends ISize {
  nodes: IPlacedNode[];
  edges: IPlacedEdge[];
  parameters: IPlacedParameter[];
  /** Where the line above the exit handlers is, or null. */
  exit: number | null;
}

export function edgeKey(edge: { source: string; target: string }): string {
  return `${edge.source}→${edge.target}`;
}

/** Place a graph; `measured` are the values that a kernel holds now. */
export function plan(graph: Graph, measured: Measured = new Map()): IPlan {
  const layers = layersOf(graph.nodes);
  const centre = centres(layers);
  const routes = routed(layers, graph.edges, centre, NODE.width);
  const labels = packed(graph.nodes, routes, edge => labelOf(edge, measured), centre, COLUMN - 10, NODE.width / 2 - 10);
  const xs = [...routes.flatMap(route => route.channels.flatMap(x => [x - 8, x + 8])), ...[...centre.values()].flatMap(x => [x - NODE.width / 2, x + NODE.width / 2 + STACK])];
  const [least, most] = [Math.min(...xs), Math.max(...xs)];
  const width = Math.max(most - least, Math.min(STRIP, ribbon(graph.parameters)));
  const left = (width - (most - least)) / 2 - least;
  const parameters = strip(graph.parameters, width);
  const head = parameters.length > 0 ? (parameters[parameters.length - 1]?.y ?? 0) + PARAMETER_HEIGHT + 24 : 0;
  const { tops, exit, height } = rows(layers, graph.edges, labels.lines, head);
  const nodes = graph.nodes.map(node => ({ node, x: left + (centre.get(node.name) ?? 0) - NODE.width / 2, y: tops.get(node.name) ?? 0, ...NODE }));
  return { width, height, nodes, parameters, exit, edges: drawn(routes, labels, layers, tops, left) };
}

/** The steps of each layer, from left to right; exit handlers are a layer of their own, the last. */
function layersOf(nodes: readonly Node[]): Node[][] {
  const layers = new Map<number, Node[]>();
  for (const node of nodes) {
    const layer = node.on_exit ? Infinity : node.layer;
    layers.set(layer, [...(layers.get(layer) ?? []), node]);
  }
  return [...layers].sort(([a], [b]) => a - b).map(([, each]) => each.sort((a, b) => a.row - b.row));
}

function centres(layers: readonly Node[][]): Map<string, number> {
  const centre = new Map<string, number>();
  for (const layer of layers) {
    const start = layer.some(node => node.on_exit) ? (Math.min(...centre.values(), Infinity) + Math.max(...centre.values(), -Infinity)) / 2 - ((layer.length - 1) * COLUMN) / 2 : null;
    let free = -Infinity;
    for (const node of layer) {
      const x = start !== null && Number.isFinite(start) ? Math.max(free, start) : Math.max(free, node.row * COLUMN + NODE.width / 2);
      centre.set(node.name, x);
      free = x + COLUMN;
    }
  }
  return centre;
}

/** The top of each step: each gap has the lines of labels that the steps below it need. */
function rows(layers: readonly Node[][], edges: readonly GraphEdge[], lines: ReadonlyMap<string, number>, head: number): { tops: Map<string, number>; exit: number | null; height: number } {
  const tops = new Map<string, number>();
  const entered = new Set(edges.map(edge => edge.target));
  let y = head;
  let exit: number | null = null;
  layers.forEach((layer, index) => {
    const marks = Math.max(...layer.map(crown));
    const most = Math.max(...layer.map(node => lines.get(node.name) ?? 0));
    if (layer.some(node => node.on_exit) && index > 0) {
      exit = y + EXIT_GAP / 2;
      y += EXIT_GAP;
    }
    y += marks + most + (index > 0 && layer.some(node => entered.has(node.name)) ? TURN + ARROW : 0);
    layer.forEach(node => tops.set(node.name, y));
    y += NODE.height;
  });
  return { tops, exit, height: y + STACK };
}

/** The room above a step for what says when, and how often, it runs. */
export function crown(node: Node): number {
  return node.when !== null ? DIAMOND + 4 : node.foreach !== null ? CAPTION + STACK : 0;
}

function drawn(routes: readonly IRoutedEdge[], labels: { of: ReadonlyMap<string, ILabel> }, layers: readonly Node[][], tops: ReadonlyMap<string, number>, left: number): IPlacedEdge[] {
  const top = (layer: number) => tops.get(layers[layer]?.[0]?.name ?? '') ?? 0;
  const crowns = new Map(layers.flat().map(node => [node.name, node.when !== null ? DIAMOND : node.foreach !== null ? STACK : 0]));
  return routes.map(route => {
    const key = edgeKey(route.edge);
    const label = labels.of.get(key) ?? null;
    const end = (tops.get(route.edge.target) ?? 0) - (crowns.get(route.edge.target) ?? 0) - 2;
    const placed = label && { ...label, x: label.x + left, y: (tops.get(route.edge.target) ?? 0) - label.above };
    return { key, edge: route.edge, label: placed, end: { x: round(route.to + left), y: round(end) }, path: way(route, top, end, left, placed) };
  });
}

/** Curves in the gaps between layers, straight lines beside the steps of a layer, and straight down through the labels. */
function way(route: IRoutedEdge, top: (layer: number) => number, end: number, left: number, label: ILabel | null): string {
  const point = (x: number, y: number) => `${round(x + left)},${round(y)}`;
  let [x, y] = [route.from, top(route.source) + NODE.height];
  let path = `M${point(x, y)}`;
  const curve = (toX: number, toY: number) => {
    const middle = (y + toY) / 2;
    path += `C${point(x, middle)} ${point(toX, middle)} ${point(toX, toY)}`;
    [x, y] = [toX, toY];
  };
  if (route.target <= route.source) {
    return `${path}C${point(x, y + 70)} ${point(route.to, end - 70)} ${point(route.to, end)}`;
  }
  route.channels.forEach((channel, index) => {
    const above = top(route.source + 1 + index);
    curve(channel, above - CLEAR);
    y = above + NODE.height;
    path += `L${point(x, y)}`;
  });
  const through = label ? label.x - left : route.to;
  curve(through, Math.max(y + CLEAR, Math.min(label ? label.y : end, end - 8)));
  if (label && Math.abs(through - route.to) > 1) {
    y = label.y + LABEL_HEIGHT;
    path += `L${point(through, y)}`;
    curve(route.to, end - 5);
  }
  return `${path}L${point(route.to, end)}`;
}

/** The parameters, in lines as wide as the graph, each in the middle. */
function strip(parameters: readonly Parameter[], width: number): IPlacedParameter[] {
  const lines: Parameter[][] = [];
  for (const parameter of parameters) {
    const line = lines[lines.length - 1];
    if (line && ribbon([...line, parameter]) <= width) {
      line.push(parameter);
    } else {
      lines.push([parameter]);
    }
  }
  return lines.flatMap((line, index) => {
    let x = Math.max(0, (width - ribbon(line)) / 2);
    return line.map(parameter => {
      const placed = { parameter, x: round(x), y: index * (PARAMETER_HEIGHT + 6), width: Math.min(width, parameterWidth(parameter)), height: PARAMETER_HEIGHT };
      x += placed.width + BETWEEN;
      return placed;
    });
  });
}

/** How wide parameters are in one line. */
function ribbon(parameters: readonly Parameter[]): number {
  return parameters.reduce((sum, parameter) => sum + parameterWidth(parameter) + BETWEEN, -BETWEEN);
}

function parameterWidth({ name, default: given }: Parameter): number {
  return Math.round(20 + textWidth(name, 11.5) + (given === null ? 0 : 4 + textWidth(`= ${shortDefault(given)}`, 11)));
}

/** The default of a parameter as it is written on it. */
export function shortDefault(text: string): string {
  return text.length > 14 ? `${text.slice(0, 13)}…` : text;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
