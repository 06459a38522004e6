import { nullTranslator } from '@jupyterlab/translation';
import type { Diagnostic, View } from '../api/generated';
import { whyNone } from './problemswords';

const trans = nullTranslator.load('jupyter-mlops');
const view = (kale: boolean, ...diagnostics: Diagnostic[]): View => ({ cells: [], diagnostics, graph: null, kale, runnable: false });
const said = (of: View | null, state: 'fresh' | 'asking' | 'offline' | 'refused' = 'fresh', problem = '') => whyNone({ analysis: { view: of, state, problem } }, trans);

test('nothing is said to be right before it has been looked at', () => {
  expect(said(null, 'asking')).toBe('Reading the notebook …');
  expect(said(null, 'offline', 'Gone.')).toMatch(/^The server does not answer; .* Gone\.$/);
  expect(said(null, 'refused', 'Too large.')).toBe('This notebook was not analysed: Too large.');
});

test('a list that is empty says whether it is for lack of steps, of problems, or by a setting', () => {
  expect(said(view(false))).toBe('This notebook has no steps yet.');
  expect(said(view(true))).toBe('No problems: this notebook can be compiled.');
  expect(said(view(true, {} as Diagnostic))).toBe('The settings say that problems are not shown.');
});
