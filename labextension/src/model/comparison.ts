/** Two runs side by side → the words beside a difference. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Compared, ComparedStep } from '../api/generated';
import { duration, figure } from './runswords';

/** Which way a value went: in words too, since an arrow or a colour alone tells not everyone. */
export interface IChange {
  direction: 'up' | 'down' | 'other' | 'none';
  text: string;
}

/** What became of a parameter or a metric from the left run to the right one. */
export function changeOf({ left, right, same, change }: Compared, trans: TranslationBundle): IChange {
  if (same) {
    return { direction: 'none', text: trans.__('the same') };
  }
  if (left === '' || right === '') {
    return { direction: 'other', text: left === '' ? trans.__('only in the second') : trans.__('only in the first') };
  }
  if (change === null) {
    return { direction: 'other', text: trans.__('different') };
  }
  const base = Math.abs(Number(left));
  const share = base > 0 ? Math.abs(change) / base : 0;
  const percent = share > 0 && share < 100 ? ` (${figure(Number((share * 100).toPrecision(2)))} %)` : '';
  const much = `${figure(Number(Math.abs(change).toPrecision(4)))}${percent}`;
  return change > 0 ? { direction: 'up', text: trans.__('%1 more', much) } : { direction: 'down', text: trans.__('%1 less', much) };
}

/** What a JSON value is shown as. */
export function shownValue(json: string): string {
  if (json === '') {
    return '–';
  }
  const value: unknown = JSON.parse(json);
  return typeof value === 'string' ? value : typeof value === 'number' ? figure(value) : json;
}

/** Rows that differ first, in their order. */
export function differencesFirst<T>(rows: readonly T[], same: (row: T) => boolean): T[] {
  return [...rows.filter(row => !same(row)), ...rows.filter(same)];
}

/** What became of a step: its code and what it gave. */
export function stepChange(step: ComparedStep, trans: TranslationBundle): string {
  if (step.left === null || step.right === null) {
    return step.left === null ? trans.__('only in the second') : trans.__('only in the first');
  }
  const outputs = step.outputs.length > 0 ? trans.__('gives another %1', step.outputs.map(port => `\`${port}\``).join(', ')) : '';
  const made = step.code === false ? trans.__('other code or inputs') : step.code === true ? trans.__('same code and inputs') : '';
  return [made, outputs].filter(Boolean).join(', ');
}

/** How much longer or shorter a step took; empty when that is nothing to speak of. */
export function timeChange(step: ComparedStep, trans: TranslationBundle): string {
  const change = step.right_seconds - step.left_seconds;
  if (step.left === null || step.right === null || Math.abs(change) < 0.1) {
    return '';
  }
  return change > 0 ? trans.__('%1 longer', duration(change)) : trans.__('%1 shorter', duration(-change));
}
