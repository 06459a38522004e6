import type { CellView, ProposedCell, View } from '../api/generated';
import { badgesOf, sameBadge } from './badges';

const cell = (id: string, place: CellView['place'], more: Partial<CellView> = {}): CellView => ({
  id,
  number: 1,
  place,
  step: null,
  tagged: false,
  first: false,
  last: false,
  colour: null,
  role: null,
  chips: [],
  reads: [],
  writes: [],
  mutates: [],
  needs: [],
  ...more
});
const view = (...cells: CellView[]): View => ({ cells, diagnostics: [], graph: null, kale: false, runnable: false });
const step = (id: string, name: string, more: Partial<CellView> = {}) => cell(id, 'step', { step: name, colour: 2, ...more });
const proposed = (id: string, name: string | null, add: string[]): [string, ProposedCell] => [
  id,
  { id, number: 1, line: 'x', add, step: name, colour: name ? 5 : null, reason: 'calls `fit`' }
];

test('a bar runs through the cells of a step and the text between them', () => {
  const badges = badgesOf(view(step('a', 'load', { tagged: true }), cell('t', 'text'), step('b', 'load'), step('c', 'train', { tagged: true })));
  expect([...badges.values()].map(({ id, kind, colour, starts, ends }) => [id, kind, colour, starts, ends])).toEqual([
    ['a', 'step', 2, true, false],
    ['t', 'between', 2, false, false],
    ['b', 'step', 2, false, true],
    ['c', 'step', 2, true, true]
  ]);
});

test('a notebook without tags has no bar', () => {
  const badges = badgesOf(view(step('a', 'main'), cell('t', 'text'), step('b', 'main')));
  expect([...badges.values()].map(({ id, kind, speaks }) => [id, kind, speaks])).toEqual([
    ['a', 'none', false],
    ['b', 'none', false]
  ]);
});

test('text at a border between steps shows nothing', () => {
  expect(badgesOf(view(step('a', 'load', { tagged: true }), cell('t', 'text'), step('b', 'train'))).has('t')).toBe(false);
});

test('a cell that only follows is silent, one that asks for something speaks', () => {
  const badges = badgesOf(view(step('z', 'load', { tagged: true }), step('a', 'load'), step('b', 'load', { chips: [{ kind: 'gpu', text: '1 GPU', title: 'asks for 1 GPU' }] })));
  expect([badges.get('a')?.speaks, badges.get('b')?.speaks]).toEqual([false, true]);
});

test('a proposal is shown in place of what is there, with its reason', () => {
  const badges = badgesOf(view(cell('a', 'none'), cell('b', 'none')), new Map([proposed('a', 'train', ['step:train']), proposed('b', 'train', [])]));
  expect(badges.get('a')).toMatchObject({ kind: 'proposed', step: 'train', colour: 5, proposed: { tags: ['step:train'], reason: 'calls `fit`' }, ends: false });
  expect(badges.get('b')).toMatchObject({ kind: 'proposed', speaks: false, proposed: null, starts: false });
});

test('only a badge that looks different is another one', () => {
  const [before] = badgesOf(view(step('a', 'load'))).values();
  const [same] = badgesOf(view(step('a', 'load', { reads: ['df'] }))).values();
  const [other] = badgesOf(view(step('a', 'load', { role: 'gate' }))).values();
  expect([sameBadge(before, same), sameBadge(before, other), sameBadge(before, undefined)]).toEqual([true, false, false]);
});
