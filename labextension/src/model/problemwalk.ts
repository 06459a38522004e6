/** From one finding to the next, through the cells of a notebook, and round. */
import type { Diagnostic } from '../api/generated';

/** A place in a notebook: a cell, and in it a line and a column, both from 0. */
export interface ISpot {
  cell: string;
  line: number;
  column: number;
}

/** The place of the cursor; the top of the cell when there is none. */
export function spotOf(cell: string, cursor: { line: number; column: number } | null): ISpot {
  return { cell, line: cursor?.line ?? 0, column: cursor?.column ?? 0 };
}

/** The finding after (or before) a place, in the order of the cells; after the last comes the first. */
export function nextProblem(problems: readonly Diagnostic[], order: readonly string[], from: ISpot, by: 1 | -1): Diagnostic | undefined {
  const number = new Map(order.map((id, index) => [id, index]));
  const placed = problems
    .filter(problem => problem.place?.cell && number.has(problem.place.cell))
    .map(problem => ({ problem, key: [number.get(problem.place?.cell ?? '') ?? 0, ...start(problem)] }))
    .sort((a, b) => compare(a.key, b.key));
  const here = [number.get(from.cell) ?? 0, from.line, from.column];
  const ordered = by === 1 ? placed : [...placed].reverse();
  return (ordered.find(({ problem, key }) => (by === 1 ? compare(key, here) > 0 && !isIn(problem, from) : compare(end(problem, key), here) < 0)) ?? ordered[0])?.problem;
}

/** The findings of a cell that are at the cursor; without any there, those of the cell. */
export function problemsAt(problems: readonly Diagnostic[], cell: string, cursor: { line: number; column: number } | null): readonly Diagnostic[] {
  const mine = problems.filter(problem => problem.place?.cell === cell);
  const here = cursor ? mine.filter(problem => isIn(problem, { cell, ...cursor })) : [];
  return here.length > 0 ? here : mine;
}

function start(problem: Diagnostic): [number, number] {
  const at = problem.place?.range?.start;
  return at ? [at.line - 1, at.utf16] : [0, 0];
}

// What is said of a cell as a whole is marked on its first line.
function end(problem: Diagnostic, key: readonly number[]): readonly number[] {
  const at = problem.place?.range?.end;
  return [key[0] ?? 0, ...(at ? [at.line - 1, at.utf16] : [0, Infinity])];
}

function isIn(problem: Diagnostic, spot: ISpot): boolean {
  const range = problem.place?.range;
  const at = [spot.line, spot.column];
  return problem.place?.cell === spot.cell && !!range && compare(start(problem), at) <= 0 && compare([range.end.line - 1, range.end.utf16], at) >= 0;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < a.length; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}
