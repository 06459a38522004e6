import type { RunState, RunStep, RunSummary, StepState } from '../api/generated';
import { canResume, canStop, changedParameters, foldSteps } from './runs';

const step = (label: string, state: StepState, seconds = 1): RunStep => {
  const [name = label, item] = label.replace(']', '').split('[');
  return { label, step: name, item: item === undefined ? null : Number(item), state, seconds, attempts: 1, reason: '', headline: '', cell: null, line: null, artifacts: [], page: false };
};
const summary = (state: RunState, alive: boolean, kind: RunSummary['kind'] = 'local'): RunSummary => ({
  id: '1', kind, notebook: 'a.ipynb', pipeline: 'a', state, started: null, seconds: 1, parameters: {}, done: 0, total: 1, url: '', alive
});

test('a step without items stays what it is', () => {
  const one = step('load', 'cached');
  expect(foldSteps([one]).get('load')).toBe(one);
});

test.each<[StepState[], StepState]>([
  [['succeeded', 'failed', 'running'], 'failed'],
  [['succeeded', 'running', 'waiting'], 'running'],
  [['succeeded', 'waiting'], 'running'],
  [['waiting', 'waiting'], 'waiting'],
  [['cached', 'succeeded'], 'succeeded'],
  [['stopped', 'not run', 'succeeded'], 'stopped']
])('items that are %j are a step that is %s', (states, expected) => {
  const folded = foldSteps(states.map((state, item) => step(`each[${item}]`, state, item))).get('each')!;
  expect([folded.state, folded.label, folded.item, folded.seconds]).toEqual([expected, 'each', null, states.length - 1]);
});

test('a failed item keeps the place of its failure', () => {
  const failed = { ...step('each[1]', 'failed'), cell: 4, line: 2, headline: 'ValueError' };
  expect(foldSteps([step('each[0]', 'succeeded'), failed]).get('each')).toMatchObject({ cell: 4, line: 2, headline: 'ValueError' });
});

test.each<[RunSummary, boolean, boolean]>([
  [summary('running', true), true, false],
  [summary('failed', false), false, true],
  [summary('interrupted', false), false, true],
  [summary('succeeded', false), false, false],
  [summary('different', false, 'verify'), false, false],
  [summary('failed', false, 'verify'), false, false],
  [summary('running', false, 'kubeflow'), true, true]
])('what can be done about a run: %j', (run, stop, resume) => {
  expect([canStop(run), canResume(run)]).toEqual([stop, resume]);
});

test('parameters that are their defaults are not worth a word', () => {
  const parameters = [
    { name: 'rate', type: 'float' as const, default: '0.1', optional: false, description: '' },
    { name: 'sizes', type: 'list' as const, default: '[1, 2]', optional: false, description: '' },
    { name: 'name', type: 'str' as const, default: null, optional: false, description: '' }
  ];
  expect(changedParameters({ rate: 0.1, sizes: [1, 2, 3], name: 'a' }, parameters)).toEqual([['sizes', [1, 2, 3]], ['name', 'a']]);
  expect(changedParameters({ rate: 0.1 }, undefined)).toEqual([['rate', 0.1]]);
});
