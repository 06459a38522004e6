/** Commands that change the tags of the selected cells: the form, and leaving cells out of the pipeline. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import type { Cell } from '@jupyterlab/cells';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Grammar } from '../api/generated';
import { tagsIcon } from '../components/icons';
import { TagPopover } from '../components/tagpopover';
import { snapshot } from '../model/snapshot';
import { TagForm } from '../model/tagform';
import { IPipelines, type IPipeline } from '../tokens';

export const EDIT_TAGS = 'jupyter-mlops:edit-tags';
export const TOGGLE_SKIP = 'jupyter-mlops:toggle-skip';

/** Opens one form at a time. */
class TagEditor {
  constructor(
    private readonly _pipelines: IPipelines,
    private readonly _trans: TranslationBundle
  ) {}

  /** Edit the tags of the selected cells, or of one that is named and not among them. */
  async open(pipeline: IPipeline, named: string | undefined): Promise<void> {
    const cells = selected(pipeline, named);
    const first = cells.find(cell => cell.model.id === named) ?? cells[0];
    if (!first) {
      return;
    }
    const from = document.activeElement;
    const isByKey = from?.matches('.jp-mlops-badge-button:focus-visible') === true;
    this._popover?.shut(false);
    const form = this._form(pipeline, cells);
    const [grammar] = await Promise.all([this._grammar(), form.load()]);
    if (form.problem !== '') {
      throw new Error(form.problem);
    }
    const refresh = () => void form.refresh();
    pipeline.analysis.viewChanged.connect(refresh);
    this._popover = new TagPopover({
      anchor: first.node.querySelector<HTMLElement>('.jp-mlops-badge-button') ?? first.node,
      grammar,
      form,
      trans: this._trans,
      complete: async text => (await this._pipelines.client.complete({ text, notebook: snapshotOf(pipeline) })).items,
      onClose: byKey => {
        pipeline.analysis.viewChanged.disconnect(refresh);
        void form.settled.then(() => {
          form.dispose();
          if (byKey) {
            giveBack(pipeline, first, isByKey);
          }
        });
      }
    });
    this._popover.open();
  }

  /** Take the selected cells out of the pipeline, or back in when all are out. */
  async toggleSkip(pipeline: IPipeline): Promise<void> {
    const form = this._form(pipeline, selected(pipeline, undefined));
    await form.load();
    const isOut = form.form?.values.place === 'skip';
    await form.change('place', isOut ? null : 'skip');
    if (form.problem !== '') {
      throw new Error(form.problem);
    }
  }

  private _form(pipeline: IPipeline, cells: readonly Cell[]): TagForm {
    return new TagForm({
      cells: cells.map(cell => cell.model.id),
      read: () => (pipeline.panel.model === null ? null : snapshotOf(pipeline)),
      ask: this._pipelines.client.form,
      write: changed => pipeline.retag(changed)
    });
  }

  private _grammar(): Promise<Grammar> {
    this._asked ??= this._pipelines.client.grammar().catch((error: unknown) => {
      this._asked = null; // the next one may be answered
      throw error;
    });
    return this._asked;
  }

  private _asked: Promise<Grammar> | null = null;
  private _popover: TagPopover | null = null;
}

function snapshotOf(pipeline: IPipeline) {
  const { model, context } = pipeline.panel;
  if (model === null) {
    throw new Error('the notebook is closed');
  }
  return snapshot(model, context.path);
}

/** The code cells that a command is about. */
function selected(pipeline: IPipeline, named: string | undefined): Cell[] {
  const { content } = pipeline.panel;
  const chosen = content.widgets.filter(cell => content.isSelectedOrActive(cell));
  const one = content.widgets.filter(cell => cell.model.id === named);
  const cells = named === undefined || chosen.some(cell => cell.model.id === named) ? chosen : one;
  return cells.filter(cell => cell.model.type === 'code');
}

/** Put the focus where the form was opened from: the badge, which may be drawn anew, or the cell. */
function giveBack(pipeline: IPipeline, cell: Cell, toBadge: boolean): void {
  if (!pipeline.panel.isDisposed && !cell.isDisposed) {
    pipeline.panel.content.mode = 'command';
    const badge = toBadge ? cell.node.querySelector<HTMLElement>('.jp-mlops-badge-button') : null;
    (badge ?? cell.node).focus({ preventScroll: true });
  }
}

export const tagEditor: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:tageditor',
  description: 'Edits the tags of cells.',
  autoStart: true,
  requires: [IPipelines],
  optional: [ITranslator, ICommandPalette],
  activate: (app: JupyterFrontEnd, pipelines: IPipelines, translator: ITranslator | null, palette: ICommandPalette | null): void => {
    const trans = (translator ?? nullTranslator).load('jupyter-mlops');
    const editor = new TagEditor(pipelines, trans);
    const isEnabled = () => pipelines.current !== null && selected(pipelines.current, undefined).length > 0;
    const add = (id: string, label: string, caption: string, run: (pipeline: IPipeline, args: ReadonlyPartialJSONObject) => Promise<void>) => {
      app.commands.addCommand(id, {
        label,
        caption,
        icon: id === EDIT_TAGS ? tagsIcon : undefined,
        isVisible: args => typeof args.cell === 'string' || isEnabled(),
        isEnabled: args => typeof args.cell === 'string' || isEnabled(),
        describedBy: { args: { type: 'object', properties: { cell: { type: 'string', description: trans.__('The id of the cell') } } } },
        execute: async args => {
          if (pipelines.current) {
            await run(pipelines.current, args).catch((error: unknown) => {
              Notification.error(trans.__('The tags cannot be changed: %1', error instanceof Error ? error.message : String(error)), { autoClose: 10_000 });
            });
          }
        }
      });
      palette?.addItem({ command: id, category: trans.__('Pipeline') });
    };
    add(EDIT_TAGS, trans.__('Edit Step and Tags…'), trans.__('Say which step the selected cells are in, and what it asks for'), (pipeline, args) =>
      editor.open(pipeline, typeof args.cell === 'string' ? args.cell : undefined)
    );
    add(TOGGLE_SKIP, trans.__('Leave out of the Pipeline, or Take Back'), trans.__('Tag the selected cells as exploration, or take that back'), pipeline =>
      editor.toggleSkip(pipeline)
    );
  }
};
