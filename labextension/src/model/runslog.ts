/** What a step printed, line by line: bounded, with the colours that terminals know. */
import { isStepOver } from './runs';
import type { Run } from '../api/generated';

/** How many lines of a step are kept; the server's log has them all. */
export const MOST_LINES = 50_000;

/** A piece of a line in one look: `classes` are those of style/runs.css. */
export interface ISpan {
  text: string;
  classes: string;
}

/** How much of a log the server gives: its end. */
const MOST_LOG_BYTES = 2 ** 20;

/** The lines of one step. */
export class StepLog {
  constructor(
    /** Nobody counted the lines before the first. */
    readonly isCut = false
  ) {}

  /** What is kept, oldest first. */
  get lines(): readonly string[] {
    return this._lines;
  }

  /** How many lines before them are no longer kept. */
  get dropped(): number {
    return this._dropped;
  }

  add(lines: readonly string[]): void {
    for (const line of lines) {
      this._lines.push(shown(line));
    }
    // Cut seldom and a lot: taking from the front moves all the rest.
    if (this._lines.length > MOST_LINES * 1.2) {
      this._dropped += this._lines.length - MOST_LINES;
      this._lines = this._lines.slice(-MOST_LINES);
    }
  }

  private _lines: string[] = [];
  private _dropped = 0;
}

/** The logs of a run's steps, by label, as its answers bring them. */
export class RunLogs {
  of(label: string): StepLog | undefined {
    return this._logs.get(label);
  }

  /** Take what an answer brings; a step that begins anew, because its run is gone on with, begins with an empty log. */
  take(run: Run): void {
    const steps = new Map(run.steps.map(step => [step.label, step.state]));
    for (const label of this._over) {
      const state = steps.get(label);
      if (state === undefined || !isStepOver(state)) {
        this._logs.delete(label);
      }
    }
    this._over = new Set([...steps].filter(([, state]) => isStepOver(state)).map(([label]) => label));
    for (const { label, lines } of run.output) {
      this._log(label).add(lines);
    }
  }

  /** Put what the server's log says in the place of what was heard, unless more was heard than it says. */
  replace(label: string, text: string): void {
    const lines = text.split('\n');
    if (lines[lines.length - 1] === '') {
      lines.pop();
    }
    const isCut = new Blob([text]).size >= MOST_LOG_BYTES;
    const heard = this._logs.get(label);
    if (heard && heard.lines.length + heard.dropped >= lines.length) {
      return;
    }
    const log = new StepLog(isCut);
    log.add(isCut ? lines.slice(1) : lines); // the first one may have lost its begin
    this._logs.set(label, log);
  }

  private _log(label: string): StepLog {
    let log = this._logs.get(label);
    if (!log) {
      log = new StepLog();
      this._logs.set(label, log);
    }
    return log;
  }

  private readonly _logs = new Map<string, StepLog>();
  private _over = new Set<string>();
}

/** A line as a terminal leaves it: what a carriage return goes back over is gone (progress bars). */
function shown(line: string): string {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  return text.slice(text.lastIndexOf('\r') + 1);
}

const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
const ESCAPE = /\u001b(?:\[([0-9;:?]*)[ -/]*([@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

/** Split a line at its escape sequences: colours and weights become classes, everything else is left out. */
export function spans(line: string): ISpan[] {
  if (!line.includes('\u001b')) {
    return [{ text: line, classes: '' }];
  }
  const found: ISpan[] = [];
  let look = new Map<string, string>();
  let from = 0;
  const take = (to: number) => {
    if (to > from) {
      found.push({ text: line.slice(from, to), classes: [...look.values()].join(' ') });
    }
  };
  for (const match of line.matchAll(ESCAPE)) {
    take(match.index);
    from = match.index + match[0].length;
    look = match[2] === 'm' ? changed(look, match[1] ?? '') : look;
  }
  take(line.length);
  return found;
}

function changed(look: ReadonlyMap<string, string>, codes: string): Map<string, string> {
  const next = new Map(look);
  const numbers = codes.split(/[;:]/).map(Number);
  for (let at = 0; at < numbers.length; at++) {
    const code = numbers[at] ?? 0;
    if (code === 38 || code === 48) {
      at += numbers[at + 1] === 5 ? 2 : 4; // one of 256 or of all colours: their contrast with the theme is not known
      continue;
    }
    apply(next, code);
  }
  return next;
}

function apply(look: Map<string, string>, code: number): void {
  const colour = COLOURS[code % 10];
  if (code === 0) {
    look.clear();
  } else if (code === 1) {
    look.set('bold', 'jp-mlops-ansi-bold');
  } else if (code === 22) {
    look.delete('bold');
  } else if (code === 39) {
    look.delete('colour');
  } else if (colour !== undefined && ((code >= 30 && code < 38) || (code >= 90 && code < 98))) {
    look.set('colour', `jp-mlops-ansi-${colour}`);
  }
}
