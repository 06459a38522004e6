import type { Run, RunState, RunSummary, StepState } from '../api/generated';
import { NotebookRuns } from './runsbook';

const summary = (id: string, state: RunState): RunSummary => ({
  id, kind: 'local', notebook: 'a.ipynb', pipeline: 'a', state, started: null, seconds: 0, parameters: {}, done: 0, total: 1, url: '', alive: state === 'running'
});
const run = (id: string, state: RunState, step: StepState): Run => ({
  summary: summary(id, state),
  steps: [{ label: 'a', step: 'a', item: null, state: step, seconds: 0, attempts: 1, reason: '', headline: '', cell: null, line: null, artifacts: [], page: false }],
  metrics: [], problem: '', verdict: '', next: 1, output: []
});

function world(list: RunSummary[]) {
  const answers = new Map<string, Run>();
  const steps = { runSteps: new Map() as ReadonlyMap<string, { state: StepState }> };
  const client = {
    runs: () => Promise.resolve({ runs: list }),
    run: (id: string) => Promise.resolve(answers.get(id)!),
    start: () => Promise.resolve(answers.get('2')!),
    stop: (id: string) => Promise.resolve(answers.get(id)!),
    resume: (id: string) => Promise.resolve(answers.get(id)!),
    log: () => Promise.resolve('')
  };
  const runs = new NotebookRuns(client, () => 'a.ipynb', steps as never, () => true);
  return { runs, answers, steps };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('after a reload the run that goes on is found and followed to its end', async () => {
  const { runs, answers, steps } = world([summary('2', 'running'), summary('1', 'failed')]);
  const ends: string[] = [];
  runs.ended.connect((_, { summary: { state } }) => ends.push(state));
  answers.set('2', run('2', 'running', 'running'));
  await runs.refresh();
  await jest.advanceTimersByTimeAsync(10);
  expect([runs.shown!.id, steps.runSteps.get('a')!.state]).toEqual(['2', 'running']);
  answers.set('2', run('2', 'succeeded', 'succeeded'));
  await jest.advanceTimersByTimeAsync(1000);
  expect([ends, runs.list[0]!.state, steps.runSteps.get('a')!.state]).toEqual([['succeeded'], 'succeeded', 'succeeded']);
  runs.dispose();
});

test('runs that are over are listed, and none is shown until somebody asks', async () => {
  const { runs, steps } = world([summary('1', 'failed')]);
  await runs.refresh();
  expect([runs.shown, runs.list.length, steps.runSteps.size]).toEqual([null, 1, 0]);
});

test('a run that is started stands first in the list and on the notebook', async () => {
  const { runs, answers, steps } = world([summary('1', 'failed')]);
  answers.set('2', run('2', 'running', 'waiting'));
  await runs.refresh();
  await runs.start({ path: 'a.ipynb', kind: 'local', parameters: {} });
  expect([runs.list.map(({ id }) => id), runs.alive!.id, steps.runSteps.get('a')!.state]).toEqual([['2', '1'], '2', 'waiting']);
  runs.dispose();
});

test('showing none takes the states from the notebook', async () => {
  const { runs, answers, steps } = world([summary('1', 'failed')]);
  answers.set('1', run('1', 'failed', 'failed'));
  await runs.refresh();
  runs.show('1');
  await jest.advanceTimersByTimeAsync(10);
  expect(steps.runSteps.size).toBe(1);
  runs.show(null);
  expect(steps.runSteps.size).toBe(0);
});
