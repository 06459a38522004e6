import type { CellView, Notebook, View } from '../api/generated';
import { Dismissals } from './dismissals';
import { isInviting } from './invitation';

const notebook = (...sources: string[]): Notebook => ({
  path: 'a.ipynb',
  metadata: {},
  cells: sources.map((source, index) => ({ id: `c${index}`, type: 'code', source, tags: [], settings: {}, execution_count: null }))
});
const view = (tagged: boolean, kale = false): View => ({ cells: [{ tagged } as CellView], diagnostics: [], graph: null, kale, runnable: false });

test.each([
  ['three cells without tags', notebook('a', 'b', 'c'), view(false), true],
  ['a tag', notebook('a', 'b', 'c'), view(true), false],
  ['a notebook for Kale', notebook('a', 'b', 'c'), view(false, true), false],
  ['hardly any code', notebook('a', 'b', ' '), view(false), false]
])('%s', (_, given, seen, expected) => {
  expect(isInviting(seen, given)).toBe(expected);
});

test('what is sent away is remembered for its notebook, in the state', async () => {
  const saved = new Map<string, unknown>();
  const state = { fetch: (key: string) => Promise.resolve(saved.get(key) as true | undefined), save: (key: string, value: unknown) => Promise.resolve(saved.set(key, value)) };
  await new Dismissals('invitation', state).add('a.ipynb');
  const later = new Dismissals('invitation', state);
  expect([await later.has('a.ipynb'), await later.has('b.ipynb')]).toEqual([true, false]);
});
