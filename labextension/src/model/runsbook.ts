/** The runs of the notebooks that are open: one list and one run that is shown for each, every run followed once however many look at it. */
import { Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import type { Client } from '../api/client';
import type { Run, RunSummary, StartRequest } from '../api/generated';
import type { IPipeline } from '../tokens';
import { Follow } from './follow';
import { foldSteps, isOver } from './runs';

/** What a book needs of the server. */
export type RunsClient = Pick<Client, 'runs' | 'run' | 'log' | 'start' | 'stop' | 'resume'>;

/** Polls that may keep a connection open at a time: a browser has six for one server, and the notebooks need theirs. */
const LONG_POLLS = 3;

/** How often the list is asked for while a run goes on that is not the one shown. */
const LIST_MILLISECONDS = 5000;

/** What {@link NotebookRuns} needs of its notebook. */
export interface IShownSteps {
  runSteps: IPipeline['runSteps'];
}

/** The runs of one notebook. */
export class NotebookRuns implements IDisposable {
  constructor(
    private readonly _client: RunsClient,
    private readonly _path: () => string,
    private readonly _steps: IShownSteps,
    private readonly _mayWait: (follow: Follow) => boolean
  ) {}

  /** Newest first, as they stand now. */
  get list(): readonly RunSummary[] {
    return this._list;
  }

  /** The run whose steps the notebook shows; null when none is. */
  get shown(): Follow | null {
    return this._shown;
  }

  /** Why the list cannot be had; empty when it can. */
  get problem(): string {
    return this._problem;
  }

  /** Whether the list has been asked for once. */
  get isReady(): boolean {
    return this._isReady;
  }

  /** The run of this notebook that goes on, if one does. */
  get alive(): RunSummary | undefined {
    return this._list.find(run => run.alive && !isOver(run.state));
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** The list, the shown run or its state have changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** A run that was going on is over. */
  get ended(): ISignal<this, Run> {
    return this._ended;
  }

  /** Ask for the list; a run that goes on is shown when none is. */
  async refresh(): Promise<void> {
    clearTimeout(this._timer);
    try {
      const { runs } = await this._client.runs(this._path());
      if (this._isDisposed) {
        return;
      }
      this._list = runs;
      this._problem = '';
      this._isReady = true;
      const alive = this.alive;
      if (runs.some(run => run.alive && run.id !== (this._shown ?? alive)?.id)) {
        this._timer = setTimeout(() => void this.refresh(), LIST_MILLISECONDS);
      }
      if (this._shown === null && alive) {
        this.show(alive.id);
        return;
      }
      this._follow();
    } catch (error) {
      this._problem = error instanceof Error ? error.message : String(error);
    }
    this._changed.emit();
  }

  /** Show a run on the notebook, and follow it; null shows none. */
  show(id: string | null): Follow | null {
    if (this._shown?.id === id) {
      return this._shown;
    }
    const left = this._shown;
    left?.dispose();
    this._shown = null;
    this._wasAlive = false;
    if (left?.state === 'following') {
      clearTimeout(this._timer);
      this._timer = setTimeout(() => void this.refresh(), LIST_MILLISECONDS);
    }
    if (id !== null && !this._isDisposed) {
      const follow: Follow = new Follow(id, this._client, () => this._mayWait(follow));
      this._shown = follow;
      follow.changed.connect(this._follow, this);
      void follow.start();
    } else {
      this._steps.runSteps = new Map();
    }
    this._changed.emit();
    return this._shown;
  }

  /** Start a run and show it. */
  async start(request: StartRequest): Promise<Run> {
    return this._showAnswer(await this._client.start(request));
  }

  /** Ask a run to end. */
  async stop(id: string): Promise<Run> {
    return this._showAnswer(await this._client.stop(id));
  }

  /** Go on with a run that failed or was stopped. */
  async resume(id: string): Promise<Run> {
    return this._showAnswer(await this._client.resume(id));
  }

  dispose(): void {
    this._isDisposed = true;
    clearTimeout(this._timer);
    this._shown?.dispose();
    this._shown = null;
    Signal.clearData(this);
  }

  private _showAnswer(run: Run): Run {
    if (!this._isDisposed) {
      this.show(run.summary.id);
      this._shown?.take(run);
    }
    return run;
  }

  private _follow(): void {
    const run = this._shown?.run;
    if (run) {
      this._put(run.summary);
      this._steps.runSteps = foldSteps(run.steps);
      const isEnd = this._wasAlive && !run.summary.alive;
      this._wasAlive = run.summary.alive;
      if (isEnd) {
        this._ended.emit(run);
      }
    }
    this._changed.emit();
  }

  private _put(summary: RunSummary): void {
    const at = this._list.findIndex(run => run.id === summary.id);
    this._list = at < 0 ? [summary, ...this._list] : this._list.map((run, index) => (index === at ? summary : run));
  }

  private _list: readonly RunSummary[] = [];
  private _shown: Follow | null = null;
  private _problem = '';
  private _isReady = false;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _isDisposed = false;
  private _wasAlive = false;
  private readonly _changed = new Signal<this, void>(this);
  private readonly _ended = new Signal<this, Run>(this);
}

/** The runs of all notebooks that are open. */
export class RunsBook {
  constructor(private readonly _client: RunsClient) {}

  /** The runs of a notebook, from its opening to its closing. */
  of(pipeline: IPipeline): NotebookRuns {
    let runs = this._runs.get(pipeline);
    if (!runs) {
      const { panel } = pipeline;
      const mine: NotebookRuns = new NotebookRuns(this._client, () => panel.context.localPath, pipeline, follow => this._mayWait(follow));
      this._runs.set(pipeline, mine);
      panel.disposed.connect(() => {
        this._runs.delete(pipeline);
        mine.dispose();
      });
      runs = mine;
    }
    return runs;
  }

  private _mayWait(follow: Follow): boolean {
    const going = [...this._runs.values()].map(runs => runs.shown).filter(shown => shown?.state === 'following');
    return going.indexOf(follow) < LONG_POLLS;
  }

  private readonly _runs = new Map<IPipeline, NotebookRuns>();
}

/** The runs of all notebooks, for the plug-ins that show, start and end them. */
export const IRunsBook = new Token<RunsBook>('jupyter-mlops:IRunsBook', 'The runs of the notebooks that are open.');
