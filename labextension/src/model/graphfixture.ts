/** Graphs for tests, as the server writes them. */
import type { Graph, GraphEdge, Node } from '../api/generated';

/** A step of a graph; what is not said is absent. */
export function node(name: string, layer: number, row: number, more: Partial<Node> = {}): Node {
  return { name, cells: [`cell-${name}`], colour: layer, role: null, chips: [], layer, row, receives: [], hands_on: [], parameters: [], foreach: null, when: null, on_exit: false, ...more };
}

/** An edge on which values of these names cross, or none. */
export function edge(source: string, target: string, ...names: string[]): GraphEdge {
  const values = names.map(name => ({ names: [name], type: 'Dataset', detail: 'pandas.DataFrame', made: [], used: [], also: [] }));
  return { source, target, kind: values.length > 0 ? 'data' : 'order', values };
}

/** load → a, b → join → exit, with an edge that passes the layer of a and b. */
export function diamond(): Graph {
  return {
    name: 'diamond',
    parameters: [{ name: 'share', type: 'float', default: '0.25', optional: false, description: '' }],
    nodes: [node('load', 0, 0.5), node('a', 1, 0, { parameters: ['share'] }), node('b', 1, 1), node('join', 2, 0.5), node('bye', 0, 1.5, { on_exit: true })],
    edges: [edge('load', 'a', 'raw'), edge('load', 'b', 'raw'), edge('load', 'join', 'names'), edge('a', 'join', 'left'), edge('b', 'join')]
  };
}

/** Steps in layers of `width`, each joined to its two neighbours below, and every fifth to one three layers on. */
export function lattice(count: number, width: number): Graph {
  const at = (index: number) => `step_${index}`;
  const nodes = Array.from({ length: count }, (_, index) => node(at(index), Math.floor(index / width), index % width));
  const to = (index: number, by: number) => (index + by < count ? [edge(at(index), at(index + by), `value_${index}`)] : []);
  const edges = nodes.flatMap((_, index) => [...to(index, width), ...(index % width < width - 1 ? to(index, width + 1) : []), ...(index % 5 === 0 ? to(index, 3 * width) : [])]);
  return { name: 'lattice', parameters: [], nodes, edges };
}
