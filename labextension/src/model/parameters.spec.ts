import { nullTranslator } from '@jupyterlab/translation';
import type { Parameter } from '../api/generated';
import { readEntries, readEntry, remembered, standardEntry } from './parameters';

const trans = nullTranslator.load('');
const of = (type: Parameter['type'], standard: string | null = null, optional = false): Parameter => ({ name: 'it', type, default: standard, optional, description: '' });
const read = (parameter: Parameter, text: string) => readEntry(parameter, { text, none: false }, trans);

test.each<[Parameter['type'], string, unknown]>([
  ['int', ' 12 ', 12],
  ['int', '-1_000', -1000],
  ['float', '1e-3', 0.001],
  ['float', '.5', 0.5],
  ['float', '3', 3],
  ['str', ' as it is ', ' as it is '],
  ['str', '12', '12'],
  ['bool', 'True', true],
  ['list', '[1, "a"]', [1, 'a']],
  ['dict', '{"a": null}', { a: null }]
])('a field of type %s reads %j', (type, text, value) => expect(read(of(type), text)).toEqual({ value }));

test.each<[Parameter['type'], string, string]>([
  ['int', '1.5', '`1.5` is not a whole number'],
  ['int', '', 'a value must be given'],
  ['int', '99999999999999999999', '`99999999999999999999` has more digits than a browser keeps: set it in the notebook'],
  ['float', 'nan', '`nan` is not a number, as `0.1` or `1e-3` are'],
  ['float', '0x10', '`0x10` is not a number, as `0.1` or `1e-3` are'],
  ['float', '1e999', '`1e999` is too large for a float'],
  ['bool', 'yes', '`yes` is neither true nor false'],
  ['list', '{}', 'a list is expected: [1, 2]'],
  ['dict', 'null', 'a dictionary is expected: {"key": 1}'],
  ['dict', "{'a': True}", 'this is Python, but JSON is expected: "text", true, false, null'],
  ['list', '[1', 'this is not JSON']
])('a field of type %s refuses %j', (type, text, problem) => expect(read(of(type), text)).toEqual({ problem }));

test('an empty text is a value of its own where there is a default', () => {
  expect(read(of('str', '"a"'), '')).toEqual({ value: '' });
  expect(read(of('str'), '')).toEqual({ problem: 'a value must be given' });
});

test('none is a value of an optional parameter only', () => {
  expect(readEntry(of('int', 'null', true), { text: '3', none: true }, trans)).toEqual({ value: null });
  expect(readEntry(of('int', '3'), { text: '3', none: true }, trans)).toEqual({ problem: 'a value must be given' });
});

test('only values that differ from their defaults are sent', () => {
  const named = (name: string, parameter: Parameter) => ({ ...parameter, name });
  const parameters = [named('a', of('int', '3')), named('b', of('list', '[1, 2]')), named('c', of('float', '0.5')), named('d', of('str')), named('e', of('int', 'null', true))];
  const entry = (text: string) => ({ text, none: false });
  expect(readEntries(parameters, { a: entry('3'), b: entry('[1,2]'), c: entry('0.6'), d: entry('x') }, trans)).toEqual({ values: { c: 0.6, d: 'x' }, problems: {} });
  expect(readEntries(parameters, { a: entry('x') }, trans).problems).toEqual({ a: '`x` is not a whole number', d: 'a value must be given' });
});

test('a default is shown as it is typed', () => {
  expect(standardEntry(of('str', '"a b"'))).toEqual({ text: 'a b', none: false });
  expect(standardEntry(of('dict', '{"a": 1}'))).toEqual({ text: '{"a":1}', none: false });
  expect(standardEntry(of('int', 'null', true))).toEqual({ text: '', none: true });
});

test('what was remembered of a parameter that is gone is forgotten', () => {
  expect(remembered([of('int', '3')], { it: 5, gone: 1 })).toEqual({ it: { text: '5', none: false } });
});
