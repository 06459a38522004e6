/** Numbers and states of runs → what a person reads. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { RunState, RunSummary, StepState } from '../api/generated';

const BYTES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** A time as short as it is exact enough: `0.4 s`, `12 s`, `3 min 05 s`, `2 h 10 min`. */
export function duration(seconds: number): string {
  if (seconds < 10) {
    return `${(Math.floor(Math.max(0, seconds) * 10) / 10).toFixed(1)} s`;
  }
  const whole = Math.floor(seconds);
  if (whole < 60) {
    return `${whole} s`;
  }
  const two = (number: number) => String(number).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${two(whole % 60)} s` : `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** A size in bytes: `812 B`, `1.4 MiB`. */
export function size(bytes: number): string {
  let rest = bytes;
  let unit = 0;
  while (rest >= 1024 && unit < BYTES.length - 1) {
    rest /= 1024;
    unit++;
  }
  return `${unit === 0 || rest >= 100 ? Math.round(rest) : rest.toFixed(1)} ${BYTES[unit] ?? ''}`;
}

/** A number with as many digits as tell something. */
export function figure(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? String(value) : String(Number(value.toPrecision(6)));
}

/** A value of a parameter, short enough for a line. */
export function briefly(value: unknown, most = 40): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** When something was: the time of today, else the day too. */
export function when(iso: string | null, now: Date, locale?: string): string {
  if (iso === null) {
    return '';
  }
  const then = new Date(iso);
  const time = then.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' });
  if (then.toDateString() === now.toDateString()) {
    return time;
  }
  const year = then.getFullYear() === now.getFullYear() ? undefined : 'numeric';
  return `${then.toLocaleDateString(locale, { day: 'numeric', month: 'short', year })}, ${time}`;
}

/** The state of a step in words. */
export function stepWord(state: StepState, trans: TranslationBundle): string {
  switch (state) {
    case 'waiting':
      return trans.__('waiting');
    case 'running':
      return trans.__('running');
    case 'succeeded':
      return trans.__('succeeded');
    case 'cached':
      return trans.__('from the cache');
    case 'resumed':
      return trans.__('kept from before');
    case 'failed':
      return trans.__('failed');
    case 'skipped':
      return trans.__('skipped');
    case 'stopped':
      return trans.__('stopped');
    case 'not run':
      return trans.__('not run');
  }
}

/** The state of a run in words. */
export function runWord(state: RunState, trans: TranslationBundle): string {
  switch (state) {
    case 'starting':
      return trans.__('Starting');
    case 'running':
      return trans.__('Running');
    case 'succeeded':
      return trans.__('Succeeded');
    case 'failed':
      return trans.__('Failed');
    case 'interrupted':
      return trans.__('Stopped');
    case 'equal':
      return trans.__('Equal');
    case 'different':
      return trans.__('Different');
  }
}

/** What kind of run it is, in words. */
export function kindWord(kind: RunSummary['kind'], trans: TranslationBundle): string {
  switch (kind) {
    case 'local':
      return trans.__('here');
    case 'verify':
      return trans.__('verification');
    case 'kubeflow':
      return trans.__('Kubeflow');
  }
}
