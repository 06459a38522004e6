/** Edges → where they leave, enter, and pass the layers between: through the free room beside steps, never behind one. */
import type { GraphEdge, Node } from '../api/generated';

/** An edge by the numbers of its layers, and the x of its ends and of each layer that it passes. */
export interface IRoutedEdge {
  edge: GraphEdge;
  source: number;
  target: number;
  from: number;
  to: number;
  channels: number[];
}

const LANE = 12;
const PORT = 26;

/** Find the ways of all edges between steps whose layers and centres are known. */
export function routed(layers: readonly Node[][], edges: readonly GraphEdge[], centre: ReadonlyMap<string, number>, width: number): IRoutedEdge[] {
  const layerOf = new Map(layers.flatMap((layer, index) => layer.map(node => [node.name, index] as const)));
  const routes = edges
    .filter(edge => layerOf.has(edge.source) && layerOf.has(edge.target))
    .map(edge => ({
      edge,
      source: layerOf.get(edge.source) ?? 0,
      target: layerOf.get(edge.target) ?? 0,
      from: centre.get(edge.source) ?? 0,
      to: centre.get(edge.target) ?? 0,
      channels: []
    }));
  layers.forEach((layer, index) => pass(index, layer.map(node => centre.get(node.name) ?? 0), routes, width));
  const diamonds = new Set(layers.flat().filter(node => node.when !== null).map(node => node.name));
  ports(routes, width, diamonds);
  return routes;
}

/** Give each edge that passes a layer a place in the free room nearest to its way; several in one room stand side by side. */
function pass(layer: number, steps: readonly number[], routes: readonly IRoutedEdge[], width: number): void {
  const rooms = new Map<number, IRoutedEdge[]>();
  for (const route of routes) {
    if (route.source < layer && layer < route.target) {
      const before = route.channels[route.channels.length - 1] ?? route.from;
      const wanted = before + (route.to - before) / (route.target - layer + 1);
      const room = nearest(steps, wanted, width);
      rooms.set(room, [...(rooms.get(room) ?? []), route]);
    }
  }
  for (const [room, passing] of rooms) {
    const low = room === 0 ? null : (steps[room - 1] ?? 0) + width / 2;
    const high = room === steps.length ? null : (steps[room] ?? 0) - width / 2;
    const sorted = [...passing].sort((a, b) => rank(a, layer, low, high) - rank(b, layer, low, high));
    sorted.forEach((route, index) => route.channels.push(lane(index, sorted.length, low, high)));
  }
}

/** The number of the room (0: left of all steps) nearest to a place; of two that are as near, the right one. */
function nearest(steps: readonly number[], wanted: number, width: number): number {
  let [best, least] = [steps.length, Infinity];
  for (let room = steps.length; room >= 0; room--) {
    const low = room === 0 ? -Infinity : (steps[room - 1] ?? 0) + width / 2 + LANE;
    const high = room === steps.length ? Infinity : (steps[room] ?? 0) - width / 2 - LANE;
    const distance = wanted < low ? low - wanted : wanted > high ? wanted - high : 0;
    if (distance < least) {
      [best, least] = [room, distance];
    }
  }
  return best;
}

/** Outside all steps an edge that ends soon is nearest to them, so that those that end later need not cross it; between steps the target counts. */
function rank(route: IRoutedEdge, layer: number, low: number | null, high: number | null): number {
  if (low !== null && high !== null) {
    return route.to;
  }
  const nested = (route.target - layer) * 1000 + (layer - route.source);
  return high === null ? nested : -nested;
}

function lane(index: number, count: number, low: number | null, high: number | null): number {
  if (low !== null && high !== null) {
    return low + ((index + 1) * (high - low)) / (count + 1);
  }
  return low !== null ? low + LANE * (index + 1) : (high ?? 0) - LANE * (count - index);
}

/** Spread the ends of edges along a step, in the order of where they come from or go to. */
function ports(routes: readonly IRoutedEdge[], width: number, diamonds: ReadonlySet<string>): void {
  const first = (route: IRoutedEdge) => route.channels[0] ?? route.to;
  const last = (route: IRoutedEdge) => route.channels[route.channels.length - 1] ?? route.from;
  const spread = (of: (route: IRoutedEdge) => string, key: (route: IRoutedEdge) => number, set: (route: IRoutedEdge, shift: number) => void) => {
    const sides = new Map<string, IRoutedEdge[]>();
    routes.forEach(route => sides.set(of(route), [...(sides.get(of(route)) ?? []), route]));
    for (const side of sides.values()) {
      const narrow = diamonds.has(side[0]?.edge.target ?? '') && of(side[0] as IRoutedEdge) === side[0]?.edge.target;
      const step = narrow ? 0 : Math.min(PORT, (width * 0.8) / side.length);
      side.sort((a, b) => key(a) - key(b)).forEach((route, index) => set(route, (index - (side.length - 1) / 2) * step));
    }
  };
  const [outs, ins] = [new Map(routes.map(route => [route, first(route)])), new Map(routes.map(route => [route, last(route)]))];
  spread(route => route.edge.source, route => outs.get(route) ?? 0, (route, shift) => (route.from += shift));
  spread(route => route.edge.target, route => ins.get(route) ?? 0, (route, shift) => (route.to += shift));
}
