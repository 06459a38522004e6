import type { Diagnostic, View } from '../api/generated';
import { applyFix, byCell, capital, count, isSame, pieces, shownProblems, worst } from './problems';
import type { IPipeline } from '../tokens';

const problem = (code: string, severity: Diagnostic['severity'], cell: string | null, message = code): Diagnostic => ({
  code,
  slug: code.toLowerCase(),
  severity,
  message,
  why: '',
  fix: '',
  label: '',
  place: cell === null ? null : { cell, number: 1, step: null, range: null },
  labels: [],
  fixes: [{ title: 'mend', edits: [{ text: message, place: null }], tags: [], mutes: false }]
});

const view = (tagged: boolean, ...diagnostics: Diagnostic[]): View => ({
  cells: [{ id: 'a', number: 1, place: 'step', step: 's', tagged, first: true, last: true, colour: 0, role: null, chips: [], reads: [], writes: [], mutates: [], needs: [] }],
  diagnostics,
  graph: null,
  kale: false,
  runnable: false
});

const found = [problem('NB201', 'error', 'a'), problem('NB303', 'note', 'b'), problem('NB501', 'warning', 'a'), problem('NB102', 'warning', null)];

test('a notebook that has no steps is left alone unless it is asked for', () => {
  expect(shownProblems(view(false, ...found), 'pipelines')).toEqual([]);
  expect(shownProblems(view(true, ...found), 'pipelines')).toHaveLength(4);
  expect(shownProblems(view(false, ...found), 'always')).toHaveLength(4);
  expect(shownProblems(view(true, ...found), 'never')).toEqual([]);
  expect(shownProblems(null, 'always')).toEqual([]);
});

test('findings are told apart by their cell; the notebook has its own', () => {
  const cells = byCell(found);
  expect(cells.get('a')?.map(each => each.code)).toEqual(['NB201', 'NB501']);
  expect(cells.get('')?.map(each => each.code)).toEqual(['NB102']);
});

test('the worst counts', () => {
  expect(count(found)).toEqual({ error: 1, warning: 2, note: 1 });
  expect(worst(found)).toBe('error');
  expect(worst(found.slice(1))).toBe('warning');
  expect(worst([])).toBeNull();
});

test('the same finding elsewhere in its cell is the same', () => {
  const a = problem('NB201', 'error', 'a');
  const moved = { ...a, place: { cell: 'a', number: 1, step: null, range: { start: { line: 3, column: 0, utf16: 0 }, end: { line: 3, column: 2, utf16: 2 } } } };
  expect(isSame(a, moved)).toBe(true);
  expect(isSame(a, problem('NB201', 'error', 'b'))).toBe(false);
  expect(isSame(a, problem('NB201', 'error', 'a', 'another name'))).toBe(false);
});

test('text in backticks is code', () => {
  expect(pieces('`x` is read in `train`')).toEqual([
    { text: 'x', isCode: true },
    { text: ' is read in ', isCode: false },
    { text: 'train', isCode: true }
  ]);
  expect(capital('each step')).toBe('Each step');
});

describe('a fix', () => {
  const pipeline = (after: Diagnostic[]) => {
    const done: string[] = [];
    const analysis = { analysed: null, view: view(true), refresh: () => Promise.resolve(void (analysis.view = view(true, ...after))) };
    return { done, pipeline: { analysis, edit: (edits: { text: string }[]) => done.push(...edits.map(({ text }) => text)), retag: () => done.push('tags') } as unknown as IPipeline };
  };
  const [finding] = found as [Diagnostic];
  const [mend] = finding.fixes as [Diagnostic['fixes'][number]];

  test('is done at once in a notebook that has not changed', async () => {
    const { done, pipeline: mine } = pipeline([]);
    expect(await applyFix(mine, finding, mend, () => true)).toBe(true);
    expect(done).toEqual(['NB201']);
  });

  test('is looked for again in one that has', async () => {
    const moved = { ...finding, fixes: [{ ...mend, edits: [{ text: 'at its new place', place: null }] }] };
    const { done, pipeline: mine } = pipeline([moved]);
    expect(await applyFix(mine, finding, mend, () => false)).toBe(true);
    expect(done).toEqual(['at its new place']);
  });

  test('of a finding that is gone does nothing', async () => {
    const { done, pipeline: mine } = pipeline([]);
    expect(await applyFix(mine, finding, mend, () => false)).toBe(false);
    expect(done).toEqual([]);
  });
});
