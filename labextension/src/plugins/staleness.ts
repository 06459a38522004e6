/** Marks cells that the live kernel knows in another state than a run from the top would leave. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import type { ICodeCellModel } from '@jupyterlab/cells';
import { NotebookActions } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { CellLines, lineButton, linePiece, type ICellLine } from '../components/celllines';
import { doubts, type Doubt, type IRan } from '../model/staleness';
import { IPipelines, type IPipeline } from '../tokens';

const PLUGIN = 'jupyter-mlops:staleness';
const RUN_STALE = 'jupyter-mlops:run-stale-cells';

/** What has run of one notebook in its kernel, and what is in doubt since. */
class NotebookStaleness {
  constructor(
    private readonly _pipeline: IPipeline,
    private readonly _rerun: () => void,
    private readonly _trans: TranslationBundle
  ) {
    this._lines = new CellLines(_pipeline.panel, 'below', 'jp-mlops-doubt');
    const { sessionContext } = _pipeline.panel;
    sessionContext.kernelChanged.connect(this.forget, this);
    sessionContext.statusChanged.connect((_, status) => (status === 'restarting' || status === 'autorestarting' ? this.forget() : undefined));
  }

  /** The ids of cells in doubt. */
  get cells(): ReadonlySet<string> {
    return new Set(this._doubts.keys());
  }

  /** A cell is about to run, with the text that it has now. */
  scheduled(id: string, source: string): void {
    this._scheduled.set(id, source);
  }

  /** A cell has run. */
  executed(id: string, order: number | null): void {
    const source = this._scheduled.get(id);
    this._scheduled.delete(id);
    if (source !== undefined && order !== null) {
      this._ran.set(id, { source, order });
      this.update(this._isShown);
    }
  }

  /** Nothing has run in this kernel. */
  forget(): void {
    this._ran.clear();
    this.update(this._isShown);
  }

  /** Judge every cell anew. */
  update(shown: boolean): void {
    this._isShown = shown;
    const { view, analysed } = this._pipeline.analysis;
    const sources = new Map(analysed?.cells.map(cell => [cell.id, cell.source]));
    this._doubts = shown && view ? doubts(view.cells, sources, this._ran) : new Map();
    this._lines.show(new Map([...this._doubts].map(([id, doubt]) => [id, this._line(doubt)])));
  }

  private _line(doubt: Doubt): ICellLine {
    const caption = this._trans.__('Run the cells that were edited or are stale, from the top');
    const render = () => [linePiece('jp-mlops-cellline-word', this._word(doubt)), `${doubt.kind === 'edited' ? '' : ':'} ${this._why(doubt)} `, lineButton(this._trans.__('Run stale cells'), caption, this._rerun)];
    return { key: JSON.stringify(doubt), render };
  }

  private _word({ kind }: Doubt): string {
    return { edited: this._trans.__('edited'), stale: this._trans.__('stale'), 'out of order': this._trans.__('out of order') }[kind];
  }

  private _why(doubt: Doubt): string {
    if (doubt.kind === 'edited') {
      return this._trans.__('since it was run.');
    }
    const name = doubt.name || this._trans.__('what it needs');
    if (doubt.kind === 'out of order') {
      return this._trans.__('cell %1, below, had changed %2 when this was run.', doubt.cell, name);
    }
    const reasons = {
      edited: this._trans.__('cell %1, which gives %2, was edited since.', doubt.cell, name),
      stale: this._trans.__('cell %1, which gives %2, is stale too.', doubt.cell, name),
      'ran later': this._trans.__('cell %1, which gives %2, was run after it.', doubt.cell, name)
    };
    return reasons[doubt.because];
  }

  private readonly _lines: CellLines;
  private readonly _scheduled = new Map<string, string>();
  private readonly _ran = new Map<string, IRan>();
  private _doubts: ReadonlyMap<string, Doubt> = new Map();
  private _isShown = true;
}

export const staleness: JupyterFrontEndPlugin<void> = {
  id: PLUGIN,
  description: 'Marks cells that are stale in the live kernel.',
  autoStart: true,
  requires: [IPipelines],
  optional: [ISettingRegistry, ICommandPalette, ITranslator],
  activate: (app: JupyterFrontEnd, pipelines: IPipelines, registry: ISettingRegistry | null, palette: ICommandPalette | null, translator: ITranslator | null): void => {
    const trans = (translator ?? nullTranslator).load('jupyter-mlops');
    const all = new Map<IPipeline, NotebookStaleness>();
    let shown = true;
    const rerun = async (pipeline: IPipeline | null) => {
      const stale = pipeline ? (all.get(pipeline)?.cells ?? new Set<string>()) : new Set<string>();
      const cells = pipeline?.panel.content.widgets.filter(cell => stale.has(cell.model.id)) ?? [];
      if (pipeline && cells.length > 0) {
        await NotebookActions.runCells(pipeline.panel.content, cells, pipeline.panel.sessionContext);
      }
    };
    const add = (pipeline: IPipeline) =>
      void pipeline.panel.context.ready.then(() => {
        const mine = new NotebookStaleness(pipeline, () => void rerun(pipeline), trans);
        all.set(pipeline, mine);
        pipeline.panel.disposed.connect(() => all.delete(pipeline));
        pipeline.analysis.viewChanged.connect(() => mine.update(shown));
      });
    pipelines.each(add);
    const of = (content: unknown) => [...all].find(([pipeline]) => pipeline.panel.content === content)?.[1];
    NotebookActions.executionScheduled.connect((_, { notebook, cell }) => of(notebook)?.scheduled(cell.model.id, cell.model.sharedModel.getSource()));
    NotebookActions.executed.connect((_, { notebook, cell }) => of(notebook)?.executed(cell.model.id, (cell.model as ICodeCellModel).executionCount));
    void registry?.load(PLUGIN).then(settings => {
      const read = () => {
        shown = settings.get('show').composite !== false;
        all.forEach(each => each.update(shown));
      };
      settings.changed.connect(read);
      read();
    });
    app.commands.addCommand(RUN_STALE, {
      label: trans.__('Run Stale Cells'),
      caption: trans.__('Run the cells that were edited or are stale, from the top'),
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => rerun(pipelines.current)
    });
    palette?.addItem({ command: RUN_STALE, category: trans.__('Pipeline') });
  }
};
