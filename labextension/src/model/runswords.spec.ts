import { briefly, duration, figure, size, when } from './runswords';

test.each([
  [0.04, '0.0 s'],
  [9.99, '9.9 s'],
  [12.7, '12 s'],
  [65, '1 min 05 s'],
  [7800, '2 h 10 min']
])('%d seconds are %s', (seconds, text) => expect(duration(seconds)).toBe(text));

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [250 * 2 ** 20, '250 MiB']
])('%d bytes are %s', (bytes, text) => expect(size(bytes)).toBe(text));

test.each([
  [3, '3'],
  [0.1 + 0.2, '0.3'],
  [1.23456789e-7, '1.23457e-7']
])('%d reads %s', (value, text) => expect(figure(value)).toBe(text));

test('a long value is cut', () => expect(briefly('x'.repeat(50), 10)).toBe(`${'x'.repeat(9)}…`));

test('what was today needs no day', () => {
  const now = new Date('2026-03-05T18:00:00');
  expect(when(new Date('2026-03-05T09:05:00').toISOString(), now, 'en-GB')).toBe('09:05');
  expect(when(new Date('2026-03-04T09:05:00').toISOString(), now, 'en-GB')).toBe('4 Mar, 09:05');
  expect(when(new Date('2025-03-04T09:05:00').toISOString(), now, 'en-GB')).toBe('4 Mar 2025, 09:05');
});
