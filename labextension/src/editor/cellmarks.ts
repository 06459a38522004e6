/** Keeps the marks in the cells of one notebook up to date: only cells whose findings changed are touched. */
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { closeHoverTooltips, EditorView, tooltips } from '@codemirror/view';
import type { Cell } from '@jupyterlab/cells';
import type { CodeMirrorEditor } from '@jupyterlab/codemirror';
import type { Diagnostic } from '../api/generated';
import { byCell } from '../model/problems';
import type { IPipeline } from '../tokens';
import { marksOf, type IMarkActions } from './marks';

/** What a finding says goes when its editor is left, unless it is entered itself. */
const CLOSING = EditorView.domEventHandlers({
  blur: (event, view) => {
    if (!(event.relatedTarget as Element | null)?.closest('.cm-tooltip')) {
      view.dispatch({ effects: closeHoverTooltips });
    }
  }
});

/** What marks one notebook. */
export class CellMarks {
  constructor(
    private readonly _pipeline: IPipeline,
    private readonly _actions: IMarkActions
  ) {
    _pipeline.panel.context.model.cells.changed.connect(this._draw, this);
  }

  /** Show these findings. */
  show(problems: readonly Diagnostic[]): void {
    this._problems = byCell(problems);
    this._draw();
  }

  private _draw(): void {
    if (this._pipeline.panel.isDisposed) {
      return;
    }
    for (const cell of this._pipeline.panel.content.widgets) {
      if (cell.model.type === 'code' && !cell.isPlaceholder()) {
        this._drawCell(cell);
      } else if (cell.model.type === 'code' && !this._awaited.has(cell)) {
        this._awaited.add(cell);
        void cell.ready.then(() => this._drawCell(cell));
      }
    }
  }

  private _drawCell(cell: Cell): void {
    const editor = cell.isDisposed ? null : (cell.editor as CodeMirrorEditor | null);
    const problems = this._problems.get(cell.model.id) ?? [];
    const source = cell.model.sharedModel.getSource();
    if (!editor || (problems.length > 0 && source !== this._analysed(cell.model.id))) {
      return; // typed since: the marks move with the text until the next answer
    }
    const key = JSON.stringify(problems);
    const drawn = this._drawn.get(cell);
    if (drawn === key || (drawn === undefined && problems.length === 0)) {
      return;
    }
    if (drawn === undefined) {
      editor.injectExtension([lintGutter(), tooltips({ parent: document.body }), CLOSING]);
    }
    this._drawn.set(cell, key);
    editor.editor.dispatch(setDiagnostics(editor.state, marksOf(problems, source, this._actions)));
  }

  private _analysed(id: string): string | undefined {
    if (this._sources.of !== this._pipeline.analysis.analysed) {
      const { analysed } = this._pipeline.analysis;
      this._sources = { of: analysed, byId: new Map(analysed?.cells.map(cell => [cell.id, cell.source])) };
    }
    return this._sources.byId.get(id);
  }

  private _problems: ReadonlyMap<string, readonly Diagnostic[]> = new Map();
  private _sources: { of: unknown; byId: ReadonlyMap<string, string> } = { of: null, byId: new Map() };
  private readonly _drawn = new WeakMap<Cell, string>();
  private readonly _awaited = new WeakSet<Cell>();
}
