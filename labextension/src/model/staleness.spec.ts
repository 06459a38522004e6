import type { CellView } from '../api/generated';
import { doubts, type IRan } from './staleness';

const cell = (number: number, more: Partial<CellView>): CellView => ({ id: `c${number}`, number, place: 'step', step: 's', tagged: false, first: false, last: false, colour: 0, role: null, chips: [], reads: [], writes: [], mutates: [], needs: [], ...more });

const cells = [
  cell(1, { writes: ['frame'] }),
  cell(2, { reads: ['frame'], writes: ['mean'], needs: ['c1'] }),
  cell(3, { reads: ['mean'], needs: ['c2'] }),
  cell(4, { reads: ['frame'], mutates: ['frame'], needs: ['c1'] })
];
const sources = new Map(cells.map(({ id }) => [id, id]));
const ran = (orders: Record<string, number>, edited: string[] = []): Map<string, IRan> => new Map(Object.entries(orders).map(([id, order]) => [id, { order, source: edited.includes(id) ? 'before' : id }]));
const kinds = (found: ReturnType<typeof doubts>) => Object.fromEntries([...found].map(([id, doubt]) => [id, doubt.kind]));

test('a run from the top leaves no doubt, nor does a kernel in which nothing has run', () => {
  expect(doubts(cells, sources, ran({ c1: 1, c2: 2, c3: 3, c4: 4 })).size).toBe(0);
  expect(doubts(cells, sources, new Map()).size).toBe(0);
});

test('an edited cell makes those stale that need it, and those that need them', () => {
  const found = doubts(cells, sources, ran({ c1: 1, c2: 2, c3: 3, c4: 4 }, ['c1']));
  expect(kinds(found)).toEqual({ c1: 'edited', c2: 'stale', c3: 'stale', c4: 'stale' });
  expect(found.get('c2')).toEqual({ kind: 'stale', cell: 1, name: 'frame', because: 'edited' });
  expect(found.get('c3')).toEqual({ kind: 'stale', cell: 2, name: 'mean', because: 'stale' });
});

test('a cell that ran before what it needs is stale until it is run again', () => {
  expect(kinds(doubts(cells, sources, ran({ c1: 5, c2: 2, c3: 3 })))).toEqual({ c2: 'stale', c3: 'stale' });
  expect(kinds(doubts(cells, sources, ran({ c1: 5, c2: 6, c3: 7 })))).toEqual({});
});

test('a cell that ran after one below had changed its value ran out of order', () => {
  const found = doubts(cells, sources, ran({ c1: 1, c4: 2, c2: 3 }));
  expect(found.get('c2')).toEqual({ kind: 'out of order', cell: 4, name: 'frame' });
  expect(doubts(cells, sources, ran({ c4: 1, c1: 2, c2: 3 })).has('c2')).toBe(false); // made anew between
});

test('a cell that has not run is not in doubt', () => {
  expect(doubts(cells, sources, ran({ c2: 1 }, ['c2'])).has('c3')).toBe(false);
});
