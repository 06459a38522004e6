/** One notebook panel → its pipeline: what the server knows of it, and the changes that our commands make to it. */
import type { ICellModel } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import type { Client } from '../api/client';
import type { CellTags, Edit, Range, RunStep } from '../api/generated';
import type { IFocus, IPipeline } from '../tokens';
import { Analysis } from './analysis';
import { snapshot } from './snapshot';

const LONGEST_SAVE_MILLISECONDS = 5_000; // one that its user calls off never says that it has ended

/** The pipeline of an open notebook. */
export class NotebookPipeline implements IPipeline, IDisposable {
  readonly analysis: Analysis;

  constructor(
    readonly panel: NotebookPanel,
    client: Client,
    delay: () => number
  ) {
    const read = () => (panel.model === null ? null : snapshot(panel.model, panel.context.path));
    this.analysis = new Analysis({ read, ask: client.view, delay });
    panel.context.model.contentChanged.connect(this._touch, this);
    panel.context.pathChanged.connect(this._touch, this);
    panel.context.saveState.connect((_, state) => (this._isSaving = state === 'started'));
    panel.disposed.connect(this.dispose, this);
    void panel.context.ready.then(() => this.analysis.refresh());
  }

  get isDisposed(): boolean {
    return this.analysis.isDisposed;
  }

  get focus(): IFocus {
    return this._focus;
  }

  set focus(focus: IFocus) {
    if (JSON.stringify(focus) !== JSON.stringify(this._focus)) {
      this._focus = focus;
      this._focusChanged.emit(focus);
    }
  }

  get focusChanged(): ISignal<this, IFocus> {
    return this._focusChanged;
  }

  get runSteps(): ReadonlyMap<string, RunStep> {
    return this._runSteps;
  }

  set runSteps(steps: ReadonlyMap<string, RunStep>) {
    this._runSteps = steps;
    this._runStepsChanged.emit();
  }

  get runStepsChanged(): ISignal<this, void> {
    return this._runStepsChanged;
  }

  async save(): Promise<void> {
    const { context } = this.panel;
    if (this._isSaving) {
      await this._savingEnds(); // else JupyterLab takes what that save has written for a change by somebody else, and asks
    }
    if (context.model.dirty) {
      await context.save();
    }
  }

  retag(cells: readonly CellTags[]): void {
    const model = this.panel.model;
    // What came just before would be taken back by the same undo.
    (model?.sharedModel as { undoManager?: { stopCapturing: () => void } } | undefined)?.undoManager?.stopCapturing();
    model?.sharedModel.transact(() => {
      for (const { id, tags, settings } of cells) {
        const cell = this._cell(id);
        if (cell) {
          cell.setMetadata('tags', tags.length > 0 ? tags : undefined);
          cell.setMetadata('nb2pipe', Object.keys(settings).length > 0 ? settings : undefined);
        }
      }
    });
  }

  edit(edits: readonly Edit[]): void {
    this.panel.model?.sharedModel.transact(() => {
      // From the end of each cell backwards, so that earlier places stay what they are.
      for (const { text, place } of [...edits].sort((a, b) => after(a, b))) {
        const cell = place?.cell === null || place?.cell === undefined ? undefined : this._cell(place.cell);
        if (cell && place?.range) {
          const source = cell.sharedModel.getSource();
          cell.sharedModel.updateSource(offset(source, place.range.start), offset(source, place.range.end), text);
        }
      }
    });
  }

  async reveal(id: string, range: Range | null = null): Promise<void> {
    const notebook = this.panel.content;
    const index = notebook.widgets.findIndex(cell => cell.model.id === id);
    const cell = notebook.widgets[index];
    if (!cell) {
      return;
    }
    notebook.activeCellIndex = index;
    notebook.deselectAll();
    await notebook.scrollToItem(index, 'smart');
    if (range) {
      await cell.ready;
      const position = ({ line, utf16 }: Range['start']) => ({ line: line - 1, column: utf16 });
      cell.editor?.setSelection({ start: position(range.start), end: position(range.end) });
      cell.editor?.revealSelection({ start: position(range.start), end: position(range.end) });
    }
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this.analysis.dispose();
    Signal.clearData(this);
  }

  private _savingEnds(): Promise<void> {
    const { saveState } = this.panel.context;
    return new Promise(resolve => {
      const end = () => {
        window.clearTimeout(timer);
        saveState.disconnect(end);
        resolve();
      };
      const timer = window.setTimeout(end, LONGEST_SAVE_MILLISECONDS);
      saveState.connect(end);
    });
  }

  private _touch(): void {
    this.analysis.touch();
  }

  private _cell(id: string): ICellModel | undefined {
    const cells = this.panel.model?.cells;
    return cells && Array.from({ length: cells.length }, (_, index) => cells.get(index)).find(cell => cell.id === id);
  }

  private _focus: IFocus = {};
  private _runSteps: ReadonlyMap<string, RunStep> = new Map();
  private readonly _focusChanged = new Signal<this, IFocus>(this);
  private _isSaving = false;
  private readonly _runStepsChanged = new Signal<this, void>(this);
}

/** The offset of a place in a text whose lines end with a newline. */
export function offset(source: string, place: { line: number; utf16: number }): number {
  let start = 0;
  for (let line = 1; line < place.line; line++) {
    const end = source.indexOf('\n', start);
    if (end < 0) {
      return source.length;
    }
    start = end + 1;
  }
  return Math.min(start + place.utf16, source.length);
}

function after(a: Edit, b: Edit): number {
  const [left, right] = [a.place?.range?.start, b.place?.range?.start];
  return (right?.line ?? 0) - (left?.line ?? 0) || (right?.utf16 ?? 0) - (left?.utf16 ?? 0);
}
