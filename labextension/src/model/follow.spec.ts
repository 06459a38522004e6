import { ApiError } from '../api/client';
import type { Run, RunState } from '../api/generated';
import { Follow } from './follow';

const run = (state: RunState, next: number, lines: string[] = []): Run => ({
  summary: { id: '1', kind: 'local', notebook: 'a', pipeline: 'a', state, started: null, seconds: 0, parameters: {}, done: 0, total: 1, url: '', alive: state === 'running' },
  steps: [{ label: 'a', step: 'a', item: null, state: state === 'running' ? 'running' : 'succeeded', seconds: 0, attempts: 1, reason: '', headline: '', cell: null, line: null, artifacts: [], page: false }],
  metrics: [],
  problem: '',
  verdict: '',
  next,
  output: lines.length > 0 ? [{ label: 'a', lines }] : []
});

/** A server whose answers are given one after the other; the last is repeated. */
function world(...answers: (Run | Error)[]) {
  const asked: [number | undefined, number | undefined][] = [];
  const client = {
    run: (_: string, after?: number, wait?: number) => {
      asked.push([after, wait]);
      const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    log: () => Promise.resolve('')
  };
  return { asked, follow: new Follow('1', client) };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('each question begins where the answer before ended, until the run is over and all is heard', async () => {
  const { asked, follow } = world(run('running', 10, ['one']), run('running', 20, ['two']), run('succeeded', 30, ['three']), run('succeeded', 30));
  await follow.start();
  await jest.advanceTimersByTimeAsync(10_000);
  expect(asked).toEqual([[undefined, 0], [10, 20], [20, 20], [30, 20]]);
  expect([follow.state, follow.logs.of('a')!.lines]).toEqual(['over', ['one', 'two', 'three']]);
});

test('a run that is over is asked for once', async () => {
  const { asked, follow } = world(run('succeeded', 30));
  await follow.start();
  await jest.advanceTimersByTimeAsync(60_000);
  expect([asked.length, follow.state]).toEqual([1, 'over']);
});

test('a server that is away is asked again, less and less often, and nothing is lost', async () => {
  const { asked, follow } = world(run('running', 10, ['one']), new ApiError(0, 'gone'), new ApiError(503, 'gone'), new ApiError(0, 'gone'), run('succeeded', 20, ['two']), run('succeeded', 20));
  await follow.start();
  await jest.advanceTimersByTimeAsync(200);
  expect([follow.state, follow.problem, follow.run!.next]).toEqual(['offline', 'gone', 10]);
  await jest.advanceTimersByTimeAsync(2900);
  expect(asked.length).toBe(3);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(asked.slice(1).map(([after]) => after)).toEqual([10, 10, 10, 10, 20]);
  expect([follow.state, follow.logs.of('a')!.lines]).toEqual(['over', ['one', 'two']]);
});

test('a run that is gone is not asked for again', async () => {
  const { asked, follow } = world(new ApiError(404, 'there is no run `1`', 'look'));
  await follow.start();
  await jest.advanceTimersByTimeAsync(60_000);
  expect([asked.length, follow.state, follow.problem]).toEqual([1, 'refused', 'there is no run `1`: look']);
});

test('who is disposed asks no more', async () => {
  const { asked, follow } = world(run('running', 10));
  await follow.start();
  follow.dispose();
  await jest.advanceTimersByTimeAsync(60_000);
  expect(asked.length).toBe(1);
});

test('a run that goes on after its end is followed again', async () => {
  const { asked, follow } = world(run('failed', 10), run('running', 20), run('succeeded', 30), run('succeeded', 30));
  await follow.start();
  expect(follow.state).toBe('over');
  follow.take(run('running', 12));
  await jest.advanceTimersByTimeAsync(10_000);
  expect([follow.state, asked.map(([after]) => after)]).toEqual(['over', [undefined, 10, 20, 30]]);
});
