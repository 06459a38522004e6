import { diamond, lattice } from './graphfixture';
import { plan } from './graphplan';
import { boxOf, firstPlace, litBy, litByValue, nextEdge, walk, type Direction, type Place } from './graphwalk';

const at = (name: string): Place => ({ kind: 'step', name });
const placed = plan(diamond());
const names = (all: ReadonlySet<string>) => [...all].sort();

test.each<[string, Direction, string | null]>([
  ['load', 'down', 'a'],
  ['a', 'right', 'b'],
  ['b', 'left', 'a'],
  ['a', 'left', null],
  ['b', 'down', 'join'],
  ['join', 'up', 'a'],
  ['join', 'down', 'bye'],
  ['bye', 'down', null]
])('from %s %s comes %s', (from, direction, to) => {
  expect(walk(placed, at(from), direction)).toEqual(to && at(to));
});

test('above the first step are the parameters, and below a parameter what uses it', () => {
  const parameter: Place = { kind: 'parameter', name: 'share' };
  expect(walk(placed, at('load'), 'up')).toEqual(parameter);
  expect(walk(placed, parameter, 'down')).toEqual(at('a'));
});

test('an edge leads up to where it begins, down to where it ends, and sideways to what else enters there', () => {
  const place: Place = { kind: 'edge', key: 'load→join' };
  expect(walk(placed, place, 'up')).toEqual(at('load'));
  expect(walk(placed, place, 'down')).toEqual(at('join'));
  expect(['left', 'right'].map(side => walk(placed, place, side as Direction)?.kind)).toContain('edge');
});

test('the edges that leave a step come one after the other, then the step again', () => {
  let place: Place | null = at('load');
  const seen = [];
  for (let count = 0; count < 4 && place; count++) {
    place = nextEdge(placed, place);
    seen.push(place);
  }
  expect(seen).toEqual([...['load→a', 'load→b', 'load→join'].map(key => ({ kind: 'edge', key })), at('load')]);
  expect(nextEdge(placed, at('join'))).toEqual({ kind: 'edge', key: 'load→join' });
  expect(nextEdge(placed, at('bye'))).toBeNull();
});

test('every step can be reached by arrow keys', () => {
  const large = plan(lattice(60, 6));
  const reached = new Set<string>();
  const open: Place[] = [firstPlace(large)!];
  for (let place = open.pop(); place; place = open.pop()) {
    if (place.kind === 'step' && !reached.has(place.name)) {
      reached.add(place.name);
      for (const direction of ['up', 'down', 'left', 'right'] as const) {
        const next = walk(large, place, direction);
        open.push(...(next ? [next] : []));
      }
    }
  }
  expect(reached.size).toBe(60);
});

test('a step that is gone is forgotten', () => {
  expect(walk(placed, at('gone'), 'down')).toEqual(at('load'));
  expect(boxOf(placed, at('gone'))).toBeNull();
});

test('a step lights its neighbours, a parameter its users, a value all that uses it', () => {
  const graph = diamond();
  expect(names(litBy(graph, at('a')).steps)).toEqual(['a', 'join', 'load']);
  expect(names(litBy(graph, at('a')).parameters)).toEqual(['share']);
  expect(names(litBy(graph, { kind: 'parameter', name: 'share' }).steps)).toEqual(['a']);
  expect(names(litBy(graph, { kind: 'edge', key: 'load→a' }).steps)).toEqual(['a', 'load']);
  expect(names(litByValue(graph, 'load', graph.edges[0]!.values[0]!).steps)).toEqual(['a', 'b', 'load']);
});
