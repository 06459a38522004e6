/** Draws something at every cell of a notebook: at once where JupyterLab has drawn the cell itself, else as soon as it has. */
import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';

export class DrawnCells {
  /** `draw` may be called with a cell that is gone. Cells that come later are drawn too. */
  constructor(
    private readonly _panel: NotebookPanel,
    private readonly _draw: (cell: Cell) => void
  ) {
    _panel.context.model.cells.changed.connect(this.draw, this);
  }

  /** Bring every cell up to date. */
  draw(): void {
    for (const cell of this._panel.isDisposed ? [] : this._panel.content.widgets) {
      if (!cell.isPlaceholder()) {
        this._draw(cell);
      } else if (!this._awaited.has(cell)) {
        this._awaited.add(cell);
        void cell.ready.then(() => this._draw(cell));
      }
    }
  }

  private readonly _awaited = new WeakSet<Cell>();
}
