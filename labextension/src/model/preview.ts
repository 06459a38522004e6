/** A proposal of steps that a person looks through: nothing is written before a cell is accepted. */
import { Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import type { CellTags, Notebook, Proposal, ProposedCell } from '../api/generated';

/** What a preview needs of the world. */
export interface IPreviewOptions {
  /** The notebook as it is now, or null when it cannot be read. */
  read: () => Notebook | null;
  ask: (notebook: Notebook) => Promise<Proposal>;
  /** Write tags, as one change that one undo takes back. */
  write: (cells: readonly CellTags[]) => void;
}

/** The proposal for one notebook, and which of its cells nobody has decided on yet. */
export class Preview implements IDisposable {
  constructor(private readonly _options: IPreviewOptions) {}

  /** What is shown; null when there is no preview. */
  get proposal(): Proposal | null {
    return this._proposal;
  }

  /** The cells that are still proposed, in the notebook's order. */
  get pending(): ReadonlyMap<string, ProposedCell> {
    return this._pending;
  }

  /** Cells that would get tags and wait for a decision. */
  get undecided(): readonly ProposedCell[] {
    return [...this._pending.values()].filter(cell => cell.add.length > 0);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** The preview began, ended, or a cell was decided on. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Ask for a proposal and show it, unless nothing is proposed: then the answer says why. */
  async start(): Promise<Proposal | null> {
    const notebook = this._options.read();
    if (notebook === null) {
      return null;
    }
    const proposal = await this._options.ask(notebook);
    if (!this._isDisposed && proposal.changes > 0) {
      this._show(proposal);
    }
    return proposal;
  }

  /** Write what is proposed for these cells, as one change. */
  accept(ids: readonly string[]): void {
    const cells = new Map((this._options.read()?.cells ?? []).map(cell => [cell.id, cell]));
    const written: CellTags[] = [];
    for (const id of ids) {
      const cell = cells.get(id);
      const add = this._pending.get(id)?.add ?? [];
      if (cell && add.length > 0) {
        written.push({ id, tags: [...new Set([...cell.tags, ...add])], settings: cell.settings });
      }
    }
    if (written.length > 0) {
      this._options.write(written);
    }
    this._decide(ids);
  }

  /** Write all that is still proposed, as one change. */
  acceptAll(): void {
    this.accept(this.undecided.map(cell => cell.id));
  }

  /** Leave a cell as it is. */
  skip(id: string): void {
    this._decide([id]);
  }

  /** Leave all that is not accepted as it is. */
  discard(): void {
    if (this._proposal) {
      this._proposal = null;
      this._pending = new Map();
      this._changed.emit();
    }
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private _show(proposal: Proposal): void {
    this._proposal = proposal;
    this._pending = new Map(proposal.cells.map(cell => [cell.id, cell]));
    this._changed.emit();
  }

  private _decide(ids: readonly string[]): void {
    ids.forEach(id => this._pending.delete(id));
    if (this.undecided.length === 0) {
      this.discard();
    } else {
      this._changed.emit();
    }
  }

  private _proposal: Proposal | null = null;
  private _pending = new Map<string, ProposedCell>();
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}

/** The previews of the notebooks that are open. */
export interface IPreviews {
  /** The preview of a notebook, by the id of its panel. */
  of(panel: string): Preview | null;
}

export const IPreviews = new Token<IPreviews>('jupyter-mlops:IPreviews', 'Proposals of steps that are looked through.');
