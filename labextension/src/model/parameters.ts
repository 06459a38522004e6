/** What a person types into the form of parameters → values that a run is started with. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Parameter } from '../api/generated';

/** One field as it stands in the form; `none`: the value is null, whatever the text. */
export interface IEntry {
  text: string;
  none: boolean;
}

/** What a form says: values that differ from their defaults, and what is wrong, by parameter. */
export interface IParsed {
  values: Record<string, unknown>;
  problems: Record<string, string>;
}

/** What one field says. */
export type Reading = { value: unknown } | { problem: string };

/** The field of a parameter before anything is typed: its default. */
export function standardEntry(parameter: Parameter): IEntry {
  const standard: unknown = parameter.default === null ? '' : JSON.parse(parameter.default);
  return { text: written(standard, parameter), none: standard === null };
}

/** The field that gives a value. */
export function entryOf(parameter: Parameter, value: unknown): IEntry {
  return { text: written(value, parameter), none: value === null };
}

/** Read all fields; a parameter without an entry keeps its default. */
export function readEntries(parameters: readonly Parameter[], entries: Readonly<Record<string, IEntry>>, trans: TranslationBundle): IParsed {
  const parsed: IParsed = { values: {}, problems: {} };
  for (const parameter of parameters) {
    const reading = readEntry(parameter, entries[parameter.name] ?? standardEntry(parameter), trans);
    if ('problem' in reading) {
      parsed.problems[parameter.name] = reading.problem;
    } else if (parameter.default === null || !same(reading.value, JSON.parse(parameter.default))) {
      parsed.values[parameter.name] = reading.value;
    }
  }
  return parsed;
}

/** Read one field as its parameter's type. */
export function readEntry(parameter: Parameter, entry: IEntry, trans: TranslationBundle): Reading {
  if (entry.none) {
    return parameter.optional ? { value: null } : { problem: trans.__('a value must be given') };
  }
  const text = parameter.type === 'str' ? entry.text : entry.text.trim();
  if (text === '' && (parameter.type !== 'str' || parameter.default === null)) {
    return { problem: trans.__('a value must be given') };
  }
  switch (parameter.type) {
    case 'str':
      return { value: text };
    case 'int':
      return wholeNumber(text, trans);
    case 'float':
      return number(text, trans);
    case 'bool':
      return truth(text, trans);
    case 'list':
    case 'dict':
      return structure(text, parameter.type, trans);
  }
}

/** Only what can still be used: names that the notebook still has. */
export function remembered(parameters: readonly Parameter[], values: Readonly<Record<string, unknown>>): Record<string, IEntry> {
  const entries: Record<string, IEntry> = {};
  for (const parameter of parameters) {
    const value = values[parameter.name];
    entries[parameter.name] = value === undefined ? standardEntry(parameter) : entryOf(parameter, value);
  }
  return entries;
}

function wholeNumber(text: string, trans: TranslationBundle): Reading {
  if (!/^[+-]?\d(_?\d)*$/.test(text)) {
    return { problem: trans.__('`%1` is not a whole number', text) };
  }
  const value = Number(text.replace(/_/g, ''));
  return Number.isSafeInteger(value) ? { value } : { problem: trans.__('`%1` has more digits than a browser keeps: set it in the notebook', text) };
}

function number(text: string, trans: TranslationBundle): Reading {
  const value = Number(text.replace(/(?<=\d)_(?=\d)/g, ''));
  if (!/^[+-]?(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(e[+-]?\d+)?$/i.test(text) || Number.isNaN(value)) {
    return { problem: trans.__('`%1` is not a number, as `0.1` or `1e-3` are', text) };
  }
  return Number.isFinite(value) ? { value } : { problem: trans.__('`%1` is too large for a float', text) };
}

function truth(text: string, trans: TranslationBundle): Reading {
  const value = { true: true, false: false }[text.toLowerCase()];
  return value === undefined ? { problem: trans.__('`%1` is neither true nor false', text) } : { value };
}

function structure(text: string, type: 'list' | 'dict', trans: TranslationBundle): Reading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const python = /\b(True|False|None)\b|'/.test(text);
    return { problem: python ? trans.__('this is Python, but JSON is expected: "text", true, false, null') : trans.__('this is not JSON') };
  }
  const isList = Array.isArray(value);
  if (type === 'list' ? isList : typeof value === 'object' && value !== null && !isList) {
    return { value };
  }
  return { problem: type === 'list' ? trans.__('a list is expected: [1, 2]') : trans.__('a dictionary is expected: {"key": 1}') };
}

function written(value: unknown, parameter: Parameter): string {
  if (value === null || value === undefined) {
    return '';
  }
  return parameter.type === 'str' && typeof value === 'string' ? value : JSON.stringify(value);
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
