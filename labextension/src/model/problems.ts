/** Findings of a notebook, as the editor and the panel of problems show them. */
import type { Diagnostic, Fix, Notebook, View } from '../api/generated';
import type { IPipeline } from '../tokens';
import { isPipeline } from './invitation';

export type Severity = Diagnostic['severity'];

/** When findings are shown: in notebooks that say somewhere where a cell goes, in every notebook, or nowhere. */
export type Shown = 'pipelines' | 'always' | 'never';

const RANK: Record<Severity, number> = { error: 0, warning: 1, note: 2 };

/** The findings of a view that are to be shown, as the server orders them. */
export function shownProblems(view: View | null, shown: Shown): readonly Diagnostic[] {
  return view !== null && (shown === 'always' || (shown === 'pipelines' && isPipeline(view))) ? view.diagnostics : [];
}

/** Findings by the id of their cell; those of the notebook as a whole are under the empty text. */
export function byCell(problems: readonly Diagnostic[]): ReadonlyMap<string, readonly Diagnostic[]> {
  const cells = new Map<string, Diagnostic[]>();
  for (const problem of problems) {
    const id = problem.place?.cell ?? '';
    const same = cells.get(id);
    if (same) {
      same.push(problem);
    } else {
      cells.set(id, [problem]);
    }
  }
  return cells;
}

/** How many there are of each severity. */
export function count(problems: readonly Diagnostic[]): Record<Severity, number> {
  const counts: Record<Severity, number> = { error: 0, warning: 0, note: 0 };
  problems.forEach(({ severity }) => counts[severity]++);
  return counts;
}

/** The worst severity there is; null without findings. */
export function worst(problems: readonly Diagnostic[]): Severity | null {
  return problems.reduce<Severity | null>((found, { severity }) => (found === null || RANK[severity] < RANK[found] ? severity : found), null);
}

/** Do what a fix says, in the notebook as it is now; false when the finding is gone, or another, by now. */
export async function applyFix(pipeline: IPipeline, problem: Diagnostic, fix: Fix, isCurrent: (analysed: Notebook | null) => boolean): Promise<boolean> {
  const { analysis } = pipeline;
  let found: Fix | undefined = fix;
  if (!isCurrent(analysis.analysed)) {
    await analysis.refresh(); // something was typed since: the places of the fix are old
    const same = analysis.view?.diagnostics.find(each => isSame(each, problem));
    found = same?.fixes.find(each => each.title === fix.title);
  }
  if (!found) {
    return false;
  }
  if (found.edits.length > 0) {
    pipeline.edit(found.edits);
  }
  if (found.tags.length > 0) {
    pipeline.retag(found.tags);
  }
  return true;
}

/** Whether two findings say the same of the same cell, wherever in it. */
export function isSame(a: Diagnostic, b: Diagnostic): boolean {
  return a.code === b.code && a.message === b.message && (a.place?.cell ?? null) === (b.place?.cell ?? null);
}

/** A sentence of the server with a capital, unless it begins with code. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Text with `code` in backticks, in pieces. */
export function pieces(text: string): readonly { text: string; isCode: boolean }[] {
  return text
    .split(/`([^`]+)`/)
    .map((part, index) => ({ text: part, isCode: index % 2 === 1 }))
    .filter(part => part.text !== '');
}
