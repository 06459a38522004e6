/** The tags of some cells as a form: what the server says of them, and what is changed, one question at a time. */
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import type { CellTags, Form, FormRequest, Notebook } from '../api/generated';

/** What a field says; null and nothing are empty. */
export type Value = Form['values'][string];

/** What the form needs of the world. */
export interface ITagFormOptions {
  cells: readonly string[];
  /** The notebook as it is now, or null when it cannot be read. */
  read: () => Notebook | null;
  ask: (request: FormRequest) => Promise<Form>;
  /** Write tags, as one change that one undo takes back. */
  write: (cells: readonly CellTags[]) => void;
}

/** The form of some cells. */
export class TagForm implements IDisposable {
  constructor(private readonly _options: ITagFormOptions) {}

  /** The last answer. */
  get form(): Form | null {
    return this._form;
  }

  /** Why the server did not answer, or empty. */
  get problem(): string {
    return this._problem;
  }

  get cells(): readonly string[] {
    return this._options.cells;
  }

  /** Resolves when all that was asked for is done. */
  get settled(): Promise<void> {
    return this._last;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Every tag of the cells, and whether all of them have it. */
  get tags(): readonly { text: string; everywhere: boolean }[] {
    const cells = this._form?.cells ?? [];
    const every = new Set(cells.flatMap(cell => cell.tags));
    return [...every].map(text => ({ text, everywhere: cells.every(cell => cell.tags.includes(text)) }));
  }

  /** Ask what the cells say now. */
  load(): Promise<void> {
    return this._next(() => this._ask({}));
  }

  /** Ask again if somebody else has changed the cells. */
  refresh(): Promise<void> {
    return this._next(() => (this._isCurrent() ? Promise.resolve() : this._ask({})));
  }

  /** Give a field another value; it is written unless the server finds it wrong. */
  change(field: string, value: Value): Promise<void> {
    return this._next(async () => {
      const form = await this._ask({ [field]: value });
      const changed = form === null ? [] : form.cells.filter(cell => !this._says(cell));
      if (changed.length > 0) {
        this._options.write(changed);
      }
    });
  }

  /** Give all cells a tag, as it is typed. */
  addTag(text: string): Promise<void> {
    return this._retag(tags => (tags.includes(text) ? tags : [...tags, text]));
  }

  /** Take a tag from all cells. */
  removeTag(text: string): Promise<void> {
    return this._retag(tags => tags.filter(tag => tag !== text));
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private _retag(change: (tags: string[]) => string[]): Promise<void> {
    return this._next(async () => {
      const changed = this._now().map(cell => ({ ...cell, tags: change(cell.tags) }));
      this._options.write(changed.filter(cell => !this._says(cell)));
      await this._ask({});
    });
  }

  private async _ask(changes: NonNullable<FormRequest['changes']>): Promise<Form | null> {
    const notebook = this._options.read();
    if (notebook === null || this._isDisposed) {
      return null;
    }
    try {
      this._form = await this._options.ask({ notebook, cells: [...this._options.cells], changes });
      this._problem = '';
    } catch (error) {
      this._problem = error instanceof Error ? error.message : String(error);
      this._changed.emit();
      return null;
    }
    this._changed.emit();
    return this._form;
  }

  /** Answers come in the order of the questions, and each sees what the one before has written. */
  private _next(ask: () => Promise<unknown>): Promise<void> {
    this._last = this._last.then(async () => {
      await ask();
    });
    return this._last;
  }

  private _now(): CellTags[] {
    const cells = this._options.read()?.cells ?? [];
    return cells.filter(cell => this._options.cells.includes(cell.id)).map(({ id, tags, settings }) => ({ id, tags, settings }));
  }

  private _says(cell: CellTags): boolean {
    return this._now().some(now => now.id === cell.id && JSON.stringify([now.tags, now.settings]) === JSON.stringify([cell.tags, cell.settings]));
  }

  private _isCurrent(): boolean {
    return this._form !== null && this._form.cells.every(cell => this._says(cell));
  }

  private _form: Form | null = null;
  private _problem = '';
  private _isDisposed = false;
  private _last: Promise<void> = Promise.resolve();
  private readonly _changed = new Signal<this, void>(this);
}
