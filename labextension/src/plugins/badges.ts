/** Marks on cells: which step each belongs to, and what that step asks for. Only cells that are drawn, and have changed, are touched. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import type { Cell } from '@jupyterlab/cells';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { MessageLoop } from '@lumino/messaging';
import type { PanelLayout } from '@lumino/widgets';
import { CellBadge, type IBadgeActions } from '../components/badge';
import { DrawnCells } from '../components/drawncells';
import { badgesOf, sameBadge, type IBadge } from '../model/badges';
import { IPreviews, type Preview } from '../model/preview';
import { IPipelines, type IPipeline } from '../tokens';
import { EDIT_TAGS } from './tageditor';

/** The badges of one notebook. */
class CellBadges {
  constructor(
    private readonly _pipeline: IPipeline,
    private readonly _preview: Preview | null,
    private readonly _commands: CommandRegistry,
    private readonly _trans: TranslationBundle
  ) {
    const { analysis, panel } = _pipeline;
    analysis.viewChanged.connect(this._update, this);
    _preview?.changed.connect(this._update, this);
    panel.content.activeCellChanged.connect((_, cell) => this._activate(cell));
    this._cells = new DrawnCells(panel, cell => this._drawCell(cell));
    void panel.revealed.then(() => this._cells.draw());
    this._update();
  }

  private _update(): void {
    const { view } = this._pipeline.analysis;
    if (view) {
      this._badges = badgesOf(view, this._preview?.pending);
      this._cells.draw();
    }
  }

  private _drawCell(cell: Cell): void {
    const wanted = cell.isDisposed ? undefined : this._badges.get(cell.model.id);
    const drawn = this._drawn.get(cell);
    if (wanted && !drawn) {
      this._insert(cell).draw(wanted);
    } else if (wanted && drawn && !sameBadge(drawn.badge, wanted)) {
      drawn.draw(wanted);
    } else if (!wanted && drawn) {
      cell.removeClass('jp-mlops-cell');
      this._drawn.delete(cell);
      drawn.dispose();
    }
  }

  private _insert(cell: Cell): CellBadge {
    const badge = new CellBadge(this._actions, this._trans);
    badge.reachable = cell === this._pipeline.panel.content.activeCell;
    cell.addClass('jp-mlops-cell');
    (cell.layout as PanelLayout).insertWidget(0, badge);
    this._drawn.set(cell, badge);
    return badge;
  }

  /** Let Tab reach the badge of the active cell, and no other. */
  private _activate(cell: Cell | null): void {
    for (const each of [this._active, cell]) {
      const badge = each === null ? undefined : this._drawn.get(each);
      if (badge) {
        badge.reachable = each === cell;
      }
    }
    this._active = cell;
  }

  private _cell(id: string): Cell | undefined {
    return this._pipeline.panel.content.widgets.find(cell => cell.model.id === id);
  }

  private _focusCell(id: string): void {
    const { content } = this._pipeline.panel;
    content.activeCellIndex = content.widgets.findIndex(cell => cell.model.id === id);
    content.mode = 'command';
    MessageLoop.flush();
    content.activeCell?.node.focus({ preventScroll: true });
  }

  /** Go to a cell's badge, wherever it is. */
  private async _focusBadge(id: string | undefined): Promise<void> {
    if (id === undefined) {
      return;
    }
    await this._pipeline.reveal(id);
    const cell = this._cell(id);
    await cell?.ready;
    if (cell) {
      this._drawn.get(cell)?.focus();
    }
  }

  /** After a decision the next open one has the focus, so that a whole notebook is decided on by one key. */
  private _decide(id: string, decide: (preview: Preview) => void): void {
    const next = this._neighbour(id, 1);
    if (this._preview) {
      decide(this._preview);
    }
    if (this._preview?.proposal) {
      void this._focusBadge(next);
    } else {
      this._focusCell(id);
    }
  }

  private _neighbour(id: string, by: 1 | -1): string | undefined {
    const open = (this._preview?.undecided ?? []).map(cell => cell.id);
    const index = open.indexOf(id) + by;
    return open[index] ?? (by === 1 ? open[0] : open[open.length - 1]);
  }

  private readonly _actions: IBadgeActions = {
    edit: cell => void this._commands.execute(EDIT_TAGS, { cell }),
    accept: cell => this._decide(cell, preview => preview.accept([cell])),
    skip: cell => this._decide(cell, preview => preview.skip(cell)),
    leave: cell => this._focusCell(cell),
    move: (cell, by) => void this._focusBadge(this._neighbour(cell, by)),
    discard: () => this._preview?.discard()
  };
  private _badges: ReadonlyMap<string, IBadge> = new Map();
  private _active: Cell | null = null;
  private readonly _drawn = new WeakMap<Cell, CellBadge>();
  private readonly _cells: DrawnCells;
}

export const badges: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:badges',
  description: 'Shows on each cell which step it belongs to.',
  autoStart: true,
  requires: [IPipelines, IPreviews],
  optional: [ITranslator],
  activate: (app: JupyterFrontEnd, pipelines: IPipelines, previews: IPreviews, translator: ITranslator | null): void => {
    const trans = (translator ?? nullTranslator).load('jupyter-mlops');
    const add = (pipeline: IPipeline) => void pipeline.panel.context.ready.then(() => new CellBadges(pipeline, previews.of(pipeline.panel.id), app.commands, trans));
    pipelines.each(add);
  }
};
