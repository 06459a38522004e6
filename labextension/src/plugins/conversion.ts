/** Notebooks that were written for Kale, or with papermill's tags: they work as they are, and can be given our words. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import type { CellTags, Notebook } from '../api/generated';
import { TagBar } from '../components/tagbar';
import { Dismissals } from '../model/dismissals';
import { snapshot } from '../model/snapshot';
import { IPipelines, type IPipeline } from '../tokens';

export const CONVERT_KALE = 'jupyter-mlops:convert-kale';

/** Rewrite a notebook's tags and settings; says so when there is nothing to rewrite, and how to go back when there is. */
async function convert(pipeline: IPipeline, pipelines: IPipelines, trans: TranslationBundle): Promise<void> {
  const { model, context } = pipeline.panel;
  if (model === null) {
    return;
  }
  const before = snapshot(model, context.path);
  try {
    const { cells, metadata, useless } = await pipelines.client.convert(before);
    if (cells.length === 0 && metadata === null && useless.length === 0) {
      Notification.info(trans.__('There is nothing to convert: no cell has a tag of Kale.'), { autoClose: 5000 });
      return;
    }
    const after = Object.fromEntries(Object.entries({ ...before.metadata, nb2pipe: metadata ?? before.metadata.nb2pipe }).filter(([key]) => !useless.includes(key)));
    write(pipeline, cells, before.metadata, after);
    const ids = cells.map(cell => cell.id);
    const old = before.cells.filter(cell => ids.includes(cell.id)).map(({ id, tags, settings }) => ({ id, tags, settings }));
    // An undo of the notebook takes back what was done to cells, and knows nothing of the notebook's own metadata.
    const undo = { label: trans.__('Undo'), callback: () => write(pipeline, old, after, before.metadata) };
    Notification.success(trans._n('Converted: %1 cell has other tags now.', 'Converted: %1 cells have other tags now.', cells.length), { actions: [undo], autoClose: 20_000 });
  } catch (error) {
    Notification.error(trans.__('The notebook cannot be converted: %1', error instanceof Error ? error.message : String(error)), { autoClose: 10_000 });
  }
}

/** Give cells other tags, and the notebook other metadata, as one change. */
function write(pipeline: IPipeline, cells: readonly CellTags[], from: Notebook['metadata'], to: Notebook['metadata']): void {
  const model = pipeline.panel.model;
  model?.sharedModel.transact(() => {
    pipeline.retag(cells);
    for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
      if (to[key] === undefined) {
        model.deleteMetadata(key);
      } else if (to[key] !== from[key]) {
        model.setMetadata(key, to[key]);
      }
    }
  });
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
    actions: [{ label: trans.__('Convert'), caption: trans.__('Write its tags and settings in the words of this extension'), run }],
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
    pipelines.each(add);
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
