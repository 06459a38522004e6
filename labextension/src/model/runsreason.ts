/** Why a notebook cannot be run now, in a few words; empty when it can. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IPipeline } from '../tokens';

export function reasonNotToRun(pipeline: { analysis: Pick<IPipeline['analysis'], 'view' | 'state'> } | null, trans: TranslationBundle): string {
  if (pipeline === null) {
    return trans.__('open a notebook first');
  }
  const { view, state } = pipeline.analysis;
  if (view === null) {
    return state === 'offline' ? trans.__('the server does not answer') : trans.__('the notebook is being read');
  }
  const errors = view.diagnostics.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) {
    return trans._n('%1 error: see Problems', '%1 errors: see Problems', errors);
  }
  return view.runnable ? '' : trans.__('there are no steps: tag a cell first');
}
