import { ApiError } from '../api/client';
import type { Notebook, View } from '../api/generated';
import { Analysis } from './analysis';

const EMPTY: View = { cells: [], diagnostics: [], graph: null, kale: false, runnable: false };
const notebook = (source: string): Notebook => ({
  path: 'a.ipynb',
  metadata: {},
  cells: [{ id: 'a', type: 'code', source, tags: [], settings: {}, execution_count: null }]
});

/** An analysis of a text that tests change, and of a server whose answers they give. */
function world(answer: (notebook: Notebook) => Promise<View>) {
  const asked: string[] = [];
  let text = 'x = 1';
  const analysis = new Analysis({
    read: () => notebook(text),
    ask: asking => {
      asked.push(asking.cells[0]!.source);
      return answer(asking);
    },
    delay: () => 10
  });
  return { analysis, asked, type: (next: string) => { text = next; analysis.touch(); } };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('many keystrokes become one question', async () => {
  const { analysis, asked, type } = world(() => Promise.resolve(EMPTY));
  for (const text of ['a', 'ab', 'abc']) {
    type(text);
    await jest.advanceTimersByTimeAsync(5);
  }
  await jest.advanceTimersByTimeAsync(20);
  expect(asked).toEqual(['abc']);
  expect(analysis.state).toBe('fresh');
});

test('what is typed while the server thinks is asked when it has answered', async () => {
  const answers: ((view: View) => void)[] = [];
  const { asked, type } = world(() => new Promise(resolve => answers.push(resolve)));
  type('a');
  await jest.advanceTimersByTimeAsync(20);
  type('ab');
  await jest.advanceTimersByTimeAsync(100);
  expect(asked).toEqual(['a']);
  answers[0]!(EMPTY);
  await jest.advanceTimersByTimeAsync(20);
  expect(asked).toEqual(['a', 'ab']);
});

test('a change that the server is not told of is no question', async () => {
  const { analysis, asked, type } = world(() => Promise.resolve(EMPTY));
  type('a');
  await jest.advanceTimersByTimeAsync(20);
  analysis.touch();
  await jest.advanceTimersByTimeAsync(20);
  expect(asked).toEqual(['a']);
});

test('a server that is away is asked again, and the last view stays', async () => {
  let away = false;
  const { analysis, asked, type } = world(() => (away ? Promise.reject(new ApiError(0, 'gone')) : Promise.resolve(EMPTY)));
  type('a');
  await jest.advanceTimersByTimeAsync(20);
  away = true;
  type('ab');
  await jest.advanceTimersByTimeAsync(20);
  expect([analysis.state, analysis.view]).toEqual(['offline', EMPTY]);
  away = false;
  await jest.advanceTimersByTimeAsync(1000);
  expect([analysis.state, asked]).toEqual(['fresh', ['a', 'ab', 'ab']]);
});

test('what the server refuses is not asked again until it is another text', async () => {
  const { analysis, asked, type } = world(() => Promise.reject(new ApiError(400, 'no', 'do that')));
  type('a');
  await jest.advanceTimersByTimeAsync(60_000);
  expect([analysis.state, analysis.problem, asked]).toEqual(['refused', 'no: do that', ['a']]);
});
