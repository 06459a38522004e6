/** Lines above or below the code of cells. Only cells that are drawn, and whose line has changed, are touched. */
import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { PanelLayout } from '@lumino/widgets';
import { Widget } from '@lumino/widgets';
import { DrawnCells } from './drawncells';

/** What one line shows. */
export interface ICellLine {
  /** Lines with the same key look the same. */
  key: string;
  render: () => readonly (Node | string)[];
}

/** The lines at one side of the cells of a notebook. */
export class CellLines {
  constructor(
    panel: NotebookPanel,
    private readonly _side: 'above' | 'below',
    private readonly _className: string
  ) {
    this._cells = new DrawnCells(panel, cell => this._drawCell(cell));
  }

  /** Show these lines, by the id of their cell, and no others. */
  show(lines: ReadonlyMap<string, ICellLine>): void {
    this._lines = lines;
    this._cells.draw();
  }

  private _drawCell(cell: Cell): void {
    const line = cell.isDisposed ? undefined : this._lines.get(cell.model.id);
    const drawn = this._drawn.get(cell);
    if (!line) {
      drawn?.widget.dispose();
      this._drawn.delete(cell);
    } else if (drawn?.key !== line.key) {
      const widget = drawn?.widget ?? this._insert(cell);
      widget.node.replaceChildren(...line.render());
      this._drawn.set(cell, { key: line.key, widget });
    }
  }

  private _insert(cell: Cell): Widget {
    const widget = new Widget();
    widget.addClass('jp-mlops-cellline');
    widget.addClass(this._className);
    const layout = cell.layout as PanelLayout;
    const input = layout.widgets.findIndex(each => each.hasClass('jp-Cell-inputWrapper'));
    layout.insertWidget(this._side === 'above' ? input : input + 1, widget);
    return widget;
  }

  private readonly _cells: DrawnCells;
  private _lines: ReadonlyMap<string, ICellLine> = new Map();
  private readonly _drawn = new WeakMap<Cell, { key: string; widget: Widget }>();
}

/** A button that looks like the text round it. */
export function lineButton(text: string, title: string, run: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = text;
  button.title = title;
  button.addEventListener('click', run);
  return button;
}

/** A piece of a line. */
export function linePiece(className: string, text: string): HTMLElement {
  const piece = document.createElement('span');
  piece.className = className;
  piece.textContent = text;
  return piece;
}
