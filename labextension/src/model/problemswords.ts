/** What the panel of problems says when it lists none. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IPipeline } from '../tokens';
import { isPipeline } from './invitation';

export function whyNone(pipeline: { analysis: Pick<IPipeline['analysis'], 'view' | 'state' | 'problem'> }, trans: TranslationBundle): string {
  const { view, state, problem } = pipeline.analysis;
  if (view === null) {
    switch (state) {
      case 'offline':
        return trans.__('The server does not answer; it is asked again by itself. %1', problem);
      case 'refused':
        return trans.__('This notebook was not analysed: %1', problem);
      default:
        return trans.__('Reading the notebook …');
    }
  }
  if (!isPipeline(view)) {
    return trans.__('This notebook has no steps yet.');
  }
  return view.diagnostics.length === 0 ? trans.__('No problems: this notebook can be compiled.') : trans.__('The settings say that problems are not shown.');
}
