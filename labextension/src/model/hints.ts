/** What crosses the borders of steps, at the cells where they begin and end. */
import type { Crossing, Graph, GraphEdge, Use, View } from '../api/generated';

/** Which way a value goes, seen from its step. */
export type Direction = 'receives' | 'hands on';

/** What is said at one border of a step. */
export interface IHint {
  step: string;
  direction: Direction;
  values: readonly Crossing[];
  /** Parameters of the pipeline that the step reads; only where it begins. */
  parameters: readonly string[];
}

/** The hints of a view: above the first cell of a step what it receives, below its last what it hands on; steps with nothing to say have none. */
export function hintsOf(view: View | null): { above: ReadonlyMap<string, IHint>; below: ReadonlyMap<string, IHint> } {
  const above = new Map<string, IHint>();
  const below = new Map<string, IHint>();
  const nodes = new Map(view?.graph?.nodes.map(node => [node.name, node]));
  for (const cell of view?.cells ?? []) {
    const node = cell.step === null ? undefined : nodes.get(cell.step);
    if (node && cell.first && node.receives.length + node.parameters.length > 0) {
      above.set(cell.id, { step: node.name, direction: 'receives', values: node.receives, parameters: node.parameters });
    }
    const handed = node?.hands_on.filter(value => value.steps.length > 0) ?? [];
    if (node && cell.last && handed.length > 0) {
      below.set(cell.id, { step: node.name, direction: 'hands on', values: handed, parameters: [] });
    }
  }
  return { above, below };
}

/** The edge on which a value of a hint crosses first. */
export function edgeOf(graph: Graph, hint: IHint, value: Crossing): GraphEdge | undefined {
  return graph.edges.find(({ source, target }) => {
    const [mine, other] = hint.direction === 'receives' ? [target, source] : [source, target];
    return mine === hint.step && value.steps.includes(other);
  });
}

/** Where a value is made (for one that is received) or first used. */
export function otherEnd(edge: GraphEdge, hint: IHint, value: Crossing): Use | undefined {
  const found = edge.values.find(each => each.names.some(name => value.names.includes(name)));
  return hint.direction === 'receives' ? found?.made[found.made.length - 1] : found?.used[0];
}
