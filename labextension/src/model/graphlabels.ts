/** What is written on edges, and where: above the step that receives the values, in lines, so that no label covers another. */
import type { EdgeValue, GraphEdge, Node } from '../api/generated';
import type { IRoutedEdge } from './graphroutes';
import { codeWidth, cut, cutNames, textWidth } from './graphtext';
import { shortestSize, shortSize, type Measured } from './graphsizes';

export const LABEL_HEIGHT = 28;
export const NAMES_FONT = 11;
export const KIND_FONT = 10;
const LINE = 33;
const PADDING = 8;
const WIDEST = 184;
const GAP = 6;
const MARK = 13;

/** A label: the middle of its top, and what is written in its two lines. `above` is how far it stands above its step. */
export interface ILabel {
  x: number;
  y: number;
  width: number;
  above: number;
  names: string;
  kind: string;
}

/** What a value is: its artifact type, or its Python type where the artifact type says nothing. */
export function kindOf(value: { type: string; detail: string }): string {
  const own = value.detail.split('.').pop() ?? '';
  return value.type === 'Artifact' && own !== '' ? own : value.type;
}

/** Write the label of an edge; null when no value crosses. */
export function labelOf(edge: GraphEdge, measured: Measured): ILabel | null {
  if (edge.values.length === 0) {
    return null;
  }
  const room = WIDEST - 2 * PADDING;
  const code = (text: string) => codeWidth(text, NAMES_FONT);
  const plain = (text: string) => textWidth(text, KIND_FONT);
  const names = cutNames(edge.values.flatMap(value => value.names), room, code);
  const kind = cut(kindsText(edge.values, measured), room - MARK, plain);
  return { x: 0, y: 0, above: 0, names, kind, width: Math.ceil(Math.max(code(names), plain(kind) + MARK) + 2 * PADDING) };
}

/** The types on an edge, each once; with its size where there is one value. */
function kindsText(values: readonly EdgeValue[], measured: Measured): string {
  const size = (value: EdgeValue) => (value.names.length === 1 ? (measured.get(value.names[0] ?? '')?.size ?? '') : '');
  const sized = values.map(value => ({ kind: kindOf(value), size: size(value) }));
  const [only] = sized;
  if (only && sized.length === 1) {
    return only.size ? `${only.kind} · ${shortSize(only.size)}` : only.kind;
  }
  if (sized.some(each => each.size !== '')) {
    return sized.map(({ kind, size: said }) => (said ? `${kind} ${shortestSize(said)}` : kind)).join(', ');
  }
  return [...new Set(sized.map(each => each.kind))].join(', ');
}

/**
 * Place labels above their steps, each on its edge and in the first line from below where it fits.
 * `lines` says how much room each step needs above it.
 */
export function packed(
  nodes: readonly Node[],
  routes: readonly IRoutedEdge[],
  write: (edge: GraphEdge) => ILabel | null,
  centre: ReadonlyMap<string, number>,
  band: number
): { of: Map<string, ILabel>; lines: Map<string, number> } {
  const of = new Map<string, ILabel>();
  const lines = new Map<string, number>();
  const extra = new Map(nodes.map(node => [node.name, node.when !== null ? 34 : node.foreach !== null ? 36 : 14]));
  const entering = new Map<string, IRoutedEdge[]>();
  routes.forEach(route => entering.set(route.edge.target, [...(entering.get(route.edge.target) ?? []), route]));
  for (const [target, routesIn] of entering) {
    const [low, high] = [(centre.get(target) ?? 0) - band / 2, (centre.get(target) ?? 0) + band / 2];
    const taken: { from: number; to: number }[][] = [];
    for (const route of routesIn.sort((a, b) => a.to - b.to)) {
      const label = write(route.edge);
      if (label) {
        const x = Math.min(high - label.width / 2, Math.max(low + label.width / 2, route.to));
        const line = firstFree(taken, x - label.width / 2 - GAP / 2, x + label.width / 2 + GAP / 2);
        of.set(`${route.edge.source}→${target}`, { ...label, x, above: (extra.get(target) ?? 0) + line * LINE + LABEL_HEIGHT });
      }
    }
    lines.set(target, taken.length * LINE);
  }
  return { of, lines };
}

function firstFree(taken: { from: number; to: number }[][], from: number, to: number): number {
  let line = taken.findIndex(row => row.every(other => other.to <= from || to <= other.from));
  if (line < 0) {
    line = taken.push([]) - 1;
  }
  taken[line]?.push({ from, to });
  return line;
}
