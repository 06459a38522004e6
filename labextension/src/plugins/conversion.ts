/** Notebooks that were written for Kale, or with papermill's tags: they work as they are, and can be given our words. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { TagBar } from '../components/tagbar';
import { Dismissals } from '../model/dismissals';
import { snapshot } from '../model/snapshot';
import { IPipelines, type IPipeline } from '../tokens';

export const CONVERT_KALE = 'jupyter-mlops:convert-kale';

/** Rewrite a notebook's tags and settings as one change; says so when there is nothing to rewrite. */
async function convert(pipeline: IPipeline, pipelines: IPipelines, trans: TranslationBundle): Promise<void> {
  const { model, context } = pipeline.panel;
  if (model === null) {
    return;
  }
  try {
    const { cells, metadata } = await pipelines.client.convert(snapshot(model, context.path));
    if (cells.length === 0 && metadata === null) {
      Notification.info(trans.__('There is nothing to convert: no cell has a tag of Kale.'));
      return;
    }
    model.sharedModel.transact(() => {
      pipeline.retag(cells);
      if (metadata !== null) {
        model.setMetadata('nb2pipe', metadata);
      }
    });
  } catch (error) {
    Notification.error(trans.__('The notebook cannot be converted: %1', error instanceof Error ? error.message : String(error)));
  }
}

/** Say above a notebook of Kale's what it is. */
function addBar(pipeline: IPipeline, run: () => void, dismissed: Dismissals, trans: TranslationBundle): void {
  const { analysis, panel } = pipeline;
  const bar = new TagBar(trans.__('Written for Kale'));
  panel.contentHeader.addWidget(bar);
  const update = async () => {
    const isOffered = analysis.view?.kale === true && !(await dismissed.has(panel.context.path));
    if (!bar.isDisposed) {
      bar.say(isOffered ? content : null);
    }
  };
  const content = {
    text: trans.__('This notebook was written for Kale. It works as it is.'),
    actions: [{ label: trans.__('Convert'), caption: trans.__('Write its tags in the words of this extension; one undo takes them back'), run }],
    dismiss: { label: trans.__('Do not offer this for this notebook'), run: () => void dismissed.add(panel.context.path).then(update) }
  };
  analysis.viewChanged.connect(() => void update());
  void update();
}

export const conversion: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:conversion',
  description: 'Converts the tags of notebooks that were written for Kale.',
  autoStart: true,
  requires: [IPipelines],
  optional: [ITranslator, ICommandPalette, IStateDB],
  activate: (app: JupyterFrontEnd, pipelines: IPipelines, translator: ITranslator | null, palette: ICommandPalette | null, state: IStateDB | null): void => {
    const trans = (translator ?? nullTranslator).load('jupyter-mlops');
    const dismissed = new Dismissals('kale', state);
    const add = (pipeline: IPipeline) => addBar(pipeline, () => void convert(pipeline, pipelines, trans), dismissed, trans);
    pipelines.all.forEach(add);
    pipelines.added.connect((_, pipeline) => add(pipeline));
    app.commands.addCommand(CONVERT_KALE, {
      label: trans.__("Convert Kale's Tags"),
      caption: trans.__('Write the tags and settings of a notebook of Kale in the words of this extension'),
      describedBy: { args: { type: 'object', properties: {} } },
      isEnabled: () => pipelines.current !== null,
      execute: () => (pipelines.current ? convert(pipelines.current, pipelines, trans) : undefined)
    });
    palette?.addItem({ command: CONVERT_KALE, category: trans.__('Pipeline') });
  }
};
