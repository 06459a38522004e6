/** One calm line above a notebook while the server does not answer; what was known stays. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { TagBar, type ITagBar } from '../components/tagbar';
import { IPipelines, type IPipeline } from '../tokens';

/** What is to be said of the connection, or nothing. */
function content({ analysis }: IPipeline, trans: TranslationBundle): ITagBar | null {
  const actions = [{ label: trans.__('Ask Again'), run: () => void analysis.refresh() }];
  if (analysis.state === 'offline') {
    return { text: trans.__('The server does not answer. Steps and problems are as they were; they follow when it is back.'), actions };
  }
  return analysis.state === 'refused' ? { text: trans.__('This notebook was not analysed: %1', analysis.problem), actions } : null;
}

export const connection: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:connection',
  description: 'Says when the server does not answer.',
  autoStart: true,
  requires: [IPipelines],
  optional: [ITranslator],
  activate: (_: JupyterFrontEnd, pipelines: IPipelines, translator: ITranslator | null): void => {
    const trans = (translator ?? nullTranslator).load('jupyter-mlops');
    const add = (pipeline: IPipeline) => {
      const bar = new TagBar(trans.__('Connection'));
      pipeline.panel.contentHeader.addWidget(bar);
      const { analysis } = pipeline;
      // While it is asked again nothing is known to be better: the line stays, and does not blink.
      analysis.stateChanged.connect(() => analysis.state === 'asking' || bar.isDisposed || bar.say(content(pipeline, trans)));
    };
    pipelines.each(add);
  }
};
