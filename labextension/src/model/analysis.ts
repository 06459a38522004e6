/** Keeps what the server knows of one notebook up to date while it is edited: one question at a time, the last text always answered. */
import { Signal, type ISignal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';
import { ApiError } from '../api/client';
import type { Notebook, View } from '../api/generated';
import { sameNotebook } from './snapshot';

/** How the last question ended: `offline` when nobody answered, `refused` when the server said no (`problem` says why). */
export type AnalysisState = 'fresh' | 'asking' | 'offline' | 'refused';

/** What an analysis needs of the world, so that it can be tested without one. */
export interface IAnalysisOptions {
  /** The notebook as it is now, or null when it cannot be read yet. */
  read: () => Notebook | null;
  ask: (notebook: Notebook) => Promise<View>;
  /** How long nothing must change before the server is asked, in milliseconds. */
  delay: () => number;
}

const FIRST_RETRY_MILLISECONDS = 1000;
const LONGEST_RETRY_MILLISECONDS = 30_000;

/** The view of one notebook, asked anew after each change. */
export class Analysis implements IDisposable {
  constructor(private readonly _options: IAnalysisOptions) {}

  /** The last answer; it stays while the next question is open. */
  get view(): View | null {
    return this._view;
  }

  /** The notebook that {@link view} speaks of. */
  get analysed(): Notebook | null {
    return this._analysed;
  }

  get state(): AnalysisState {
    return this._state;
  }

  /** Why the server did not answer, in its words; empty when it did. */
  get problem(): string {
    return this._problem;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** A new view has come. */
  get viewChanged(): ISignal<this, View> {
    return this._viewChanged;
  }

  get stateChanged(): ISignal<this, AnalysisState> {
    return this._stateChanged;
  }

  /** Say that the notebook may have changed; what did not change is not asked again. */
  touch(): void {
    if (this._isDisposed || this._asking) {
      this._again = true;
      return;
    }
    this._schedule(this._options.delay());
  }

  /** Ask now, whatever has changed; resolves when the view is that of the notebook as it was when this was called. */
  async refresh(): Promise<void> {
    this._analysed = null;
    while (this._asking) {
      await this._asking;
    }
    this._clear();
    await this._run();
  }

  dispose(): void {
    this._isDisposed = true;
    this._clear();
    Signal.clearData(this);
  }

  private _schedule(milliseconds: number): void {
    this._clear();
    this._timer = setTimeout(() => void this._run(), milliseconds);
  }

  private _clear(): void {
    clearTimeout(this._timer);
    this._timer = undefined;
  }

  private async _run(): Promise<void> {
    const notebook = this._isDisposed ? null : this._options.read();
    if (notebook === null || (this._analysed !== null && sameNotebook(notebook, this._analysed))) {
      return;
    }
    this._again = false;
    this._asking = this._ask(notebook);
    await this._asking;
    this._asking = null;
    this._askAgain();
  }

  private _askAgain(): void {
    if (this._again) {
      this._again = false;
      this._schedule(this._options.delay());
    }
  }

  private async _ask(notebook: Notebook): Promise<void> {
    this._say('asking', '');
    try {
      const view = await this._options.ask(notebook);
      if (this._isDisposed) {
        return;
      }
      this._view = view;
      this._analysed = notebook;
      this._retry = FIRST_RETRY_MILLISECONDS;
      this._say('fresh', '');
      this._viewChanged.emit(view);
    } catch (error) {
      this._fail(error, notebook);
    }
  }

  private _fail(error: unknown, notebook: Notebook): void {
    if (this._isDisposed) {
      return;
    }
    if (error instanceof ApiError && !error.isOffline) {
      this._analysed = notebook; // the same words would be refused again
      this._say('refused', error.hint ? `${error.message}: ${error.hint}` : error.message);
      return;
    }
    this._say('offline', error instanceof Error ? error.message : String(error));
    this._schedule(this._retry);
    this._retry = Math.min(this._retry * 2, LONGEST_RETRY_MILLISECONDS);
  }

  private _say(state: AnalysisState, problem: string): void {
    const changed = state !== this._state || problem !== this._problem;
    this._state = state;
    this._problem = problem;
    if (changed) {
      this._stateChanged.emit(state);
    }
  }

  private _view: View | null = null;
  private _analysed: Notebook | null = null;
  private _state: AnalysisState = 'asking';
  private _problem = '';
  private _asking: Promise<void> | null = null;
  private _again = false;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _retry = FIRST_RETRY_MILLISECONDS;
  private _isDisposed = false;
  private readonly _viewChanged = new Signal<this, View>(this);
  private readonly _stateChanged = new Signal<this, AnalysisState>(this);
}
