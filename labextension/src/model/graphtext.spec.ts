import { kindOf, labelOf } from './graphlabels';
import { edge } from './graphfixture';
import { readSizes, shortestSize, shortSize } from './graphsizes';
import { cut, cutNames, twoLines } from './graphtext';

const tens = (text: string) => text.length * 10;

test('text that fits is not cut', () => expect(cut('load', 40, tens)).toBe('load'));
test('text that does not fit ends with an ellipsis', () => expect(cut('validate', 50, tens)).toBe('vali…'));
test('at least one character stays', () => expect(cut('validate', 1, tens)).toBe('v…'));
test('a character outside the first plane is not cut in two', () => expect(cut('😀😀😀😀', 20, text => Array.from(text).length * 10)).toBe('😀…'));
test('names that do not fit are counted', () => expect(cutNames(['a', 'bb', 'ccc'], 80, tens)).toBe('a, bb +1'));
test('a first name that does not fit is cut, and the others are counted', () => expect(cutNames(['features', 'b'], 80, tens)).toBe('feat… +1'));
test('a name is broken at the underscore nearest to its middle', () => expect(twoLines('engineer_all_features', 130, tens)).toEqual(['engineer_', 'all_features']));
test('a short name is one line', () => expect(twoLines('load', 130, tens)).toEqual(['load']));

test('an artifact without a type of its own is called by its Python type', () => {
  expect(kindOf({ type: 'Artifact', detail: 'builtins.dict' })).toBe('dict');
  expect(kindOf({ type: 'Artifact', detail: '' })).toBe('Artifact');
  expect(kindOf({ type: 'Model', detail: 'sklearn.pipeline.Pipeline' })).toBe('Model');
});

test.each([
  ['1,000,000 × 12, 96 MB', '96 MB · 1.0 M × 12', '96 MB'],
  ['150 × 4, 4.8 kB', '4.8 kB · 150 × 4', '4.8 kB'],
  ['9,999 items', '9,999 items', '9,999 items'],
  ['60,000 × 28 × 28, 47 MB', '47 MB · 60 k × 28 × 28', '47 MB'],
  ['0.93', '0.93', '0.93']
])('the size %p is written %p, or %p', (size, short, shortest) => {
  expect([shortSize(size), shortestSize(size)]).toEqual([short, shortest]);
});

test('a label says names, types and sizes', () => {
  const measured = readSizes('{"frame": {"type": "pandas.DataFrame", "size": "1,000,000 × 12, 96 MB"}}');
  expect(labelOf(edge('a', 'b', 'frame'), measured)).toMatchObject({ names: 'frame', kind: 'Dataset · 96 MB · 1.0 M × 12' });
  expect(labelOf(edge('a', 'b', 'frame', 'rest'), measured)).toMatchObject({ names: 'frame, rest', kind: 'Dataset 96 MB, Dataset' });
  expect(labelOf(edge('a', 'b', 'frame', 'rest'), new Map())).toMatchObject({ kind: 'Dataset' });
  expect(labelOf(edge('a', 'b'), measured)).toBeNull();
});
