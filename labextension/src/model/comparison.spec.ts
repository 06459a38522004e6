import { nullTranslator } from '@jupyterlab/translation';
import type { ComparedStep } from '../api/generated';
import { changeOf, differencesFirst, shownValue, stepChange, timeChange } from './comparison';

const trans = nullTranslator.load('');
const row = (left: string, right: string, change: number | null = null) => ({ name: 'x', left, right, same: left === right, change });

test.each([
  [row('1', '1'), 'none', 'the same'],
  [row('0.5', '0.55', 0.05), 'up', '0.05 (10 %) more'],
  [row('4', '1', -3), 'down', '3 (75 %) less'],
  [row('0', '2', 2), 'up', '2 more'],
  [row('"a"', '"b"'), 'other', 'different'],
  [row('', '1'), 'other', 'only in the second'],
  [row('1', ''), 'other', 'only in the first']
])('%j goes %s in words', (compared, direction, text) => {
  const change = changeOf(compared, trans);
  expect(change).toEqual({ direction, text });
});

test('values are shown without their quotes', () => expect(['"a"', '0.30000000000000004', '[1]', ''].map(shownValue)).toEqual(['a', '0.3', '[1]', '–']));

test('what differs comes first, each in its order', () => expect(differencesFirst([1, 2, 3, 4], number => number % 2 === 1)).toEqual([2, 4, 1, 3]));

test('a step says whether its code and what it gives are the same', () => {
  const step: ComparedStep = { label: 'a', left: 'succeeded', right: 'succeeded', left_seconds: 1, right_seconds: 3.5, outputs: ['model'], code: false };
  expect(stepChange(step, trans)).toBe('other code or inputs, gives another `model`');
  expect(timeChange(step, trans)).toBe('2.5 s longer');
  expect(stepChange({ ...step, left: null }, trans)).toBe('only in the second');
});
