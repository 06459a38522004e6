import type { Diagnostic } from '../api/generated';
import { marksOf, sentence } from './marks';

const finding = (range: [number, number, number, number] | null): Diagnostic => ({
  code: 'NB201',
  slug: 'x',
  severity: 'note',
  message: 'm',
  why: '',
  fix: '',
  label: '',
  place: { cell: 'a', number: 1, step: null, range: range && { start: { line: range[0], column: range[1], utf16: range[1] }, end: { line: range[2], column: range[3], utf16: range[3] } } },
  labels: [],
  fixes: [
    { title: 'write `frame`', edits: [], tags: [], mutes: false },
    { title: 'ignore NB201 in this cell', edits: [], tags: [], mutes: true }
  ]
});
const actions = { apply: jest.fn(), describe: () => document.createElement('p') };

test('a range is a place in the text', () => {
  const [mark] = marksOf([finding([2, 1, 2, 4])], 'one\n😀two', actions);
  expect([mark?.from, mark?.to, mark?.severity]).toEqual([5, 8, 'info']);
});

test('a whole cell is its first line that has text', () => {
  expect(marksOf([finding(null)], '\n  x = 1\ny = 2', actions)[0]).toMatchObject({ from: 3, to: 8, markClass: 'jp-mlops-wholecell' });
  expect(marksOf([finding(null)], '', actions)[0]).toMatchObject({ from: 0, to: 0 });
});

test('a place behind the text is at its end', () => {
  expect(marksOf([finding([9, 0, 9, 4])], 'short', actions)[0]).toMatchObject({ from: 5, to: 5 });
});

test('its fixes are buttons that say what they do; one that only silences is told apart', () => {
  const [mark] = marksOf([finding(null)], 'x', actions);
  expect(mark?.actions?.map(({ name, markClass }) => [name, markClass])).toEqual([
    ['Write frame', 'jp-mlops-mends'],
    ['Ignore NB201 in this cell', 'jp-mlops-mutes']
  ]);
  mark?.actions?.[0]?.apply(null as never, 0, 0);
  expect(actions.apply).toHaveBeenCalledWith(expect.objectContaining({ code: 'NB201' }), expect.objectContaining({ title: 'write `frame`' }));
  expect(sentence('remove `x`')).toBe('Remove x');
});
