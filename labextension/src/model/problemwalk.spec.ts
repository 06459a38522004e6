import type { Diagnostic } from '../api/generated';
import { nextProblem, problemsAt, spotOf } from './problemwalk';

const at = (code: string, cell: string, line?: number, from = 0, to = 1): Diagnostic => ({
  code,
  slug: '',
  severity: 'error',
  message: code,
  why: '',
  fix: '',
  label: '',
  place: { cell, number: null, step: null, range: line === undefined ? null : { start: { line, column: from, utf16: from }, end: { line, column: to, utf16: to } } },
  labels: [],
  fixes: []
});

const order = ['a', 'b', 'c'];
const problems = [at('second', 'c', 2, 4, 8), at('first', 'a', 1, 0, 5), at('third', 'c', 2, 10, 12)];

test.each([
  ['from the top', spotOf('a', null), 'second'],
  ['from before it', spotOf('b', { line: 0, column: 0 }), 'second'],
  ['from its end', spotOf('c', { line: 1, column: 8 }), 'third'],
  ['from the last to the first', spotOf('c', { line: 1, column: 12 }), 'first']
])('forwards %s', (_, spot, code) => {
  expect(nextProblem(problems, order, spot, 1)?.code).toBe(code);
});

test.each([
  ['from the end of one', spotOf('c', { line: 1, column: 12 }), 'second'],
  ['from the first to the last', spotOf('a', { line: 0, column: 5 }), 'third']
])('backwards %s', (_, spot, code) => {
  expect(nextProblem(problems, order, spot, -1)?.code).toBe(code);
});

test('what is said of a whole cell is passed in both directions', () => {
  const whole = [at('cell', 'b'), ...problems];
  expect(nextProblem(whole, order, spotOf('b', { line: 0, column: 7 }), -1)?.code).toBe('first');
  expect(nextProblem(whole, order, spotOf('b', { line: 0, column: 7 }), 1)?.code).toBe('second');
});

test('without problems there is no next', () => {
  expect(nextProblem([], order, spotOf('a', null), 1)).toBeUndefined();
  expect(nextProblem([at('x', 'deleted', 1)], order, spotOf('a', null), 1)).toBeUndefined();
});

test('at the cursor is what is underlined there, else all of the cell', () => {
  expect(problemsAt(problems, 'c', { line: 1, column: 5 }).map(each => each.code)).toEqual(['second']);
  expect(problemsAt(problems, 'c', { line: 0, column: 0 }).map(each => each.code)).toEqual(['second', 'third']);
  expect(problemsAt(problems, 'b', null)).toEqual([]);
});
