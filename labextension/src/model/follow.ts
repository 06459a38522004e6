/** Follows a run by long polls, one at a time, until it is over; a server that is away is asked again, less and less often. */
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import { ApiError, type Client } from '../api/client';
import type { Run } from '../api/generated';
import { RunLogs } from './runslog';

/** How the last poll ended: `offline` when nobody answered, `refused` when the server said no. */
export type FollowState = 'following' | 'over' | 'offline' | 'refused';

/** What following needs of the server. */
export type RunClient = Pick<Client, 'run' | 'log'>;

const WAIT_SECONDS = 20;
const PAUSE_MILLISECONDS = 150;
const IMPATIENT_MILLISECONDS = 2000;
const FIRST_RETRY_MILLISECONDS = 1000;
const LONGEST_RETRY_MILLISECONDS = 30_000;

/** One run, as it goes on. */
export class Follow implements IDisposable {
  constructor(
    readonly id: string,
    private readonly _client: RunClient,
    /** Whether the server may keep a connection open for this run: a browser has only six of them. */
    private readonly _mayWait: () => boolean = () => true
  ) {}

  readonly logs = new RunLogs();

  /** The last answer, or null before the first. */
  get run(): Run | null {
    return this._run;
  }

  get state(): FollowState {
    return this._state;
  }

  /** Why the server did not answer; empty when it did. */
  get problem(): string {
    return this._problem;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** When the last answer came, in milliseconds since 1970: times of steps that run go on from there. */
  get answered(): number {
    return this._answered;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Begin, or begin again when the run goes on after it was over; resolves with the first answer, or when there is none. */
  async start(): Promise<void> {
    if (this._isDisposed || this._polling) {
      return;
    }
    this._polling = true;
    await this._poll();
    if (this._goesOn) {
      this._schedule(PAUSE_MILLISECONDS);
    }
  }

  /** Take an answer that came by another way: from starting, stopping or resuming the run. */
  take(run: Run): void {
    this._accept({ ...run, output: [] });
    if (!isFinal(run) && !this._isDisposed) {
      this._say('following', '');
      void this.start();
    }
  }

  /** Read what a step printed from its log, all that the server gives; without one (a step on a cluster) what was heard stays. */
  async readLog(label: string): Promise<void> {
    const text = await this._client.log(this.id, label);
    if (!this._isDisposed && text !== '') {
      this.logs.replace(label, text);
      this._changed.emit();
    }
  }

  dispose(): void {
    this._isDisposed = true;
    clearTimeout(this._timer);
    this._abort?.abort();
    Signal.clearData(this);
  }

  private get _goesOn(): boolean {
    return !this._isDisposed && (this._state === 'following' || this._state === 'offline');
  }

  private _schedule(milliseconds: number): void {
    clearTimeout(this._timer);
    this._timer = setTimeout(() => void this._again(), milliseconds);
  }

  private async _again(): Promise<void> {
    await this._poll();
    if (this._goesOn) {
      this._schedule(this._state === 'offline' ? this._backOff() : this._mayWait() ? PAUSE_MILLISECONDS : IMPATIENT_MILLISECONDS);
    }
  }

  private async _poll(): Promise<void> {
    this._abort = new AbortController();
    try {
      const wait = this._next !== undefined && this._mayWait() ? WAIT_SECONDS : 0;
      const run = await this._client.run(this.id, this._next, wait, this._abort.signal);
      if (!this._isDisposed) {
        this._hear(run);
      }
    } catch (error) {
      this._fail(error);
    }
    if (!this._goesOn) {
      this._polling = false;
    }
  }

  private _hear(run: Run): void {
    const drained = this._next === undefined || run.next === this._next;
    this._next = run.next;
    this._retry = FIRST_RETRY_MILLISECONDS;
    this._state = isFinal(run) && drained ? 'over' : 'following';
    this._problem = '';
    this._accept(run);
  }

  private _accept(run: Run): void {
    this._run = run;
    this._answered = Date.now();
    this.logs.take(run);
    this._changed.emit();
  }

  private _backOff(): number {
    const pause = this._retry;
    this._retry = Math.min(this._retry * 2, LONGEST_RETRY_MILLISECONDS);
    return pause;
  }

  private _fail(error: unknown): void {
    if (this._isDisposed) {
      return;
    }
    if (error instanceof ApiError && !error.isOffline) {
      this._say('refused', error.hint ? `${error.message}: ${error.hint}` : error.message);
    } else {
      this._say('offline', error instanceof Error ? error.message : String(error));
    }
  }

  private _say(state: FollowState, problem: string): void {
    this._state = state;
    this._problem = problem;
    this._changed.emit();
  }

  private _run: Run | null = null;
  private _state: FollowState = 'following';
  private _problem = '';
  private _next: number | undefined;
  private _answered = 0;
  private _polling = false;
  private _isDisposed = false;
  private _retry = FIRST_RETRY_MILLISECONDS;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _abort: AbortController | undefined;
  private readonly _changed = new Signal<this, void>(this);
}

/** Whether nobody goes on writing this run's story. */
function isFinal(run: Run): boolean {
  return !run.summary.alive;
}
