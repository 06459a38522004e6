import type { Run, StepState } from '../api/generated';
import { MOST_LINES, RunLogs, StepLog, spans } from './runslog';

const answer = (state: StepState, lines: string[]): Run =>
  ({ steps: [{ label: 'a', state }], output: lines.length > 0 ? [{ label: 'a', lines }] : [] }) as unknown as Run;

test('a log keeps its last lines and says how many it dropped', () => {
  const log = new StepLog();
  for (let part = 0; part < 13; part++) {
    log.add(Array.from({ length: 10_000 }, (_, line) => String(part * 10_000 + line)));
  }
  expect(log.lines.length).toBeLessThanOrEqual(MOST_LINES * 1.2);
  expect(log.lines[log.lines.length - 1]).toBe('129999');
  expect(log.dropped + log.lines.length).toBe(130_000);
  expect(log.lines[0]).toBe(String(log.dropped));
});

test('a progress bar is its last state', () => {
  const log = new StepLog();
  log.add(['10 %\r50 %\r100 %', 'done\r']);
  expect(log.lines).toEqual(['100 %', 'done']);
});

test('a step that begins anew begins with an empty log', () => {
  const logs = new RunLogs();
  logs.take(answer('running', ['one']));
  logs.take(answer('failed', ['two']));
  expect(logs.of('a')!.lines).toEqual(['one', 'two']);
  logs.take(answer('running', ['again']));
  expect(logs.of('a')!.lines).toEqual(['again']);
});

test('a whole log takes the place of what was heard', () => {
  const logs = new RunLogs();
  logs.take(answer('succeeded', ['end']));
  logs.replace('a', 'begin\nend\n');
  expect(logs.of('a')!.lines).toEqual(['begin', 'end']);
});

test('a log whose beginning the server cut does not displace a longer one, and says that it is cut', () => {
  const logs = new RunLogs();
  const long = Array.from({ length: 30_000 }, (_, line) => `a line that is long enough to fill a log ${line}`);
  const cut = long.join('\n').slice(-(2 ** 20));
  logs.replace('a', cut);
  expect([logs.of('a')!.isCut, logs.of('a')!.lines[0]]).toEqual([true, cut.split('\n')[1]]);
  const heard = new RunLogs();
  heard.take(answer('succeeded', long));
  heard.replace('a', cut);
  expect([heard.of('a')!.isCut, heard.of('a')!.lines.length]).toEqual([false, 30_000]);
});

test.each([
  ['plain', [['plain', '']]],
  ['\u001b[31mred\u001b[0m rest', [['red', 'jp-mlops-ansi-red'], [' rest', '']]],
  ['\u001b[1;92mstrong\u001b[22mgreen', [['strong', 'jp-mlops-ansi-bold jp-mlops-ansi-green'], ['green', 'jp-mlops-ansi-green']]],
  ['\u001b[38;5;31mof 256\u001b[39m', [['of 256', '']]],
  ['\u001b[2Kcleared\u001b[1A', [['cleared', '']]],
  ['\u001b]8;;http://x\u0007link\u001b]8;;\u0007', [['link', '']]]
])('escape sequences become looks or nothing: %j', (line, expected) => {
  expect(spans(line).map(({ text, classes }) => [text, classes])).toEqual(expected);
});
