import type { CellView, Crossing, View } from '../api/generated';
import { edge, node } from './graphfixture';
import { edgeOf, hintsOf, otherEnd } from './hints';

const cell = (id: string, step: string, first: boolean, last: boolean): CellView => ({ id, number: 1, place: 'step', step, tagged: first, first, last, colour: 0, role: null, chips: [], reads: [], writes: [], mutates: [], needs: [] });
const crossing = (name: string, ...steps: string[]): Crossing => ({ names: [name], type: 'Dataset', detail: '', steps });

const cross = edge('load', 'train', 'frame');
const [value] = cross.values;
value?.made.push({ cell: 'a', range: null }, { cell: 'b', range: null });
value?.used.push({ cell: 'c', range: null });

const view: View = {
  cells: [cell('a', 'load', true, false), cell('b', 'load', false, true), cell('c', 'train', true, true)],
  diagnostics: [],
  kale: false,
  runnable: true,
  graph: {
    name: 'p',
    parameters: [],
    nodes: [node('load', 0, 0, { hands_on: [crossing('frame', 'train'), crossing('unread')] }), node('train', 1, 0, { receives: [crossing('frame', 'load')], parameters: ['share'] })],
    edges: [cross]
  }
};

test('a step says at its first cell what it receives, at its last what it hands on', () => {
  const { above, below } = hintsOf(view);
  expect([...above.keys()]).toEqual(['c']);
  expect(above.get('c')).toMatchObject({ step: 'train', parameters: ['share'] });
  expect([...below.keys()]).toEqual(['b']);
  expect(below.get('b')?.values.map(each => each.names)).toEqual([['frame']]); // what nobody reads does not cross
});

test('a value leads to where it is made last, or used first', () => {
  const { above, below } = hintsOf(view);
  const [received, handed] = [above.get('c'), below.get('b')];
  expect(received && handed).toBeDefined();
  for (const [hint, end] of [[received, 'b'], [handed, 'c']] as const) {
    const [first] = hint?.values ?? [];
    const found = hint && first && view.graph ? edgeOf(view.graph, hint, first) : undefined;
    expect(found).toBe(cross);
    expect(found && hint && first && otherEnd(found, hint, first)?.cell).toBe(end);
  }
});

test('a notebook that cannot be told has no hints', () => {
  expect(hintsOf(null).above.size).toBe(0);
  expect(hintsOf({ ...view, graph: null }).below.size).toBe(0);
});
