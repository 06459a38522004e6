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
const BARE = 12;

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
 * Place labels above their steps: beside each other where they fit, and then edges enter below their labels; else in lines.
 * `lines` says how much room each step needs above it; edges may enter up to `reach` from the middle of a step.
 */
export function packed(
  nodes: readonly Node[],
  routes: readonly IRoutedEdge[],
  write: (edge: GraphEdge) => ILabel | null,
  centre: ReadonlyMap<string, number>,
  band: number,
  reach: number
): { of: Map<string, ILabel>; lines: Map<string, number> } {
  const of = new Map<string, ILabel>();
  const lines = new Map<string, number>();
  const extra = new Map(nodes.map(node => [node.name, node.when !== null ? 34 : node.foreach !== null ? 36 : 14]));
  const entering = new Map<string, IRoutedEdge[]>();
  routes.forEach(route => entering.set(route.edge.target, [...(entering.get(route.edge.target) ?? []), route]));
  for (const [target, routesIn] of entering) {
    const middle = centre.get(target) ?? 0;
    const written = routesIn.sort((a, b) => a.to - b.to).map(route => ({ route, label: write(route.edge) }));
    const above = (line: number) => (extra.get(target) ?? 0) + line * LINE + LABEL_HEIGHT;
    const put = ({ route, label }: IWritten, x: number, line: number) => label && of.set(`${route.edge.source}→${target}`, { ...label, x, above: above(line) });
    const diamond = nodes.some(node => node.name === target && node.when !== null);
    const places = written.length > 1 ? sideBySide(written, middle, band) : null;
    if (places) {
      written.forEach((each, index) => {
        const x = places[index] ?? middle;
        put(each, x, 0);
        each.route.to = diamond ? each.route.to : Math.min(middle + reach, Math.max(middle - reach, x));
      });
    }
    lines.set(target, (places ? Number(written.some(({ label }) => label !== null)) : stacked(written, middle, band, put)) * LINE);
  }
  return { of, lines };
}

interface IWritten {
  route: IRoutedEdge;
  label: ILabel | null;
}

/** The middles of labels that fit beside each other, or null when they do not. */
function sideBySide(written: readonly IWritten[], middle: number, band: number): number[] | null {
  const widths = written.map(({ label }) => label?.width ?? BARE);
  const total = widths.reduce((sum, width) => sum + width + GAP, -GAP);
  let x = middle - total / 2;
  return total > band
    ? null
    : widths.map(width => {
        x += width + GAP;
        return x - GAP - width / 2;
      });
}

/** Put each label on its edge, in the first line from below where it covers no other; gives how many lines there are. */
function stacked(written: readonly IWritten[], middle: number, band: number, put: (each: IWritten, x: number, line: number) => void): number {
  const taken: { from: number; to: number }[][] = [];
  for (const each of written) {
    if (each.label) {
      const half = each.label.width / 2;
      const x = Math.min(middle + band / 2 - half, Math.max(middle - band / 2 + half, each.route.to));
      put(each, x, firstFree(taken, x - half - GAP / 2, x + half + GAP / 2));
    }
  }
  return taken.length;
}

function firstFree(taken: { from: number; to: number }[][], from: number, to: number): number {
  let line = taken.findIndex(row => row.every(other => other.to <= from || to <= other.from));
  if (line < 0) {
    line = taken.push([]) - 1;
  }
  taken[line]?.push({ from, to });
  return line;
}
