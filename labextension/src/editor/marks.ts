/** Findings of one cell → what CodeMirror underlines in its editor. */
import type { Diagnostic as Mark } from '@codemirror/lint';
import type { Diagnostic, Fix } from '../api/generated';
import { offset } from '../model/notebookpipeline';
import { capital } from '../model/problems';

const SEVERITY = { error: 'error', warning: 'warning', note: 'info' } as const;

/** What a mark asks of the notebook. */
export interface IMarkActions {
  apply: (problem: Diagnostic, fix: Fix) => void;
  /** Make what is shown of a finding. */
  describe: (problem: Diagnostic) => HTMLElement;
}

/** The marks of the findings of a cell with this source. What is said of the cell as a whole marks its first line. */
export function marksOf(problems: readonly Diagnostic[], source: string, actions: IMarkActions): Mark[] {
  return problems.map(problem => {
    const range = problem.place?.range;
    const [from, to] = range ? [offset(source, range.start), offset(source, range.end)] : firstLine(source);
    return {
      from,
      to: Math.max(from, to),
      severity: SEVERITY[problem.severity],
      source: problem.code,
      message: problem.message,
      ...(range ? {} : { markClass: 'jp-mlops-wholecell' }),
      renderMessage: () => actions.describe(problem),
      actions: problem.fixes.map(fix => ({ name: sentence(fix.title), markClass: fix.mutes ? 'jp-mlops-mutes' : 'jp-mlops-mends', apply: () => actions.apply(problem, fix) }))
    };
  });
}

/** The first line that is not empty. */
function firstLine(source: string): [number, number] {
  const from = Math.max(source.search(/\S/), 0);
  const end = source.indexOf('\n', from);
  return [from, end < 0 ? source.length : end];
}

/** A title as a button shows it. */
export function sentence(text: string): string {
  return capital(text.replaceAll('`', ''));
}
