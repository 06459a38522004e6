/** A notebook's kernel → what the values that cross hold now. It asks silently, only when the kernel has nothing else to do, and never starts one. */
import type { ISessionContext } from '@jupyterlab/apputils';
import { Notebook, NotebookActions } from '@jupyterlab/notebook';
import type { Cell } from '@jupyterlab/cells';
import type { Kernel } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import type { Client } from '../api/client';
import type { IPipeline } from '../tokens';
import { readSizes, type Measured } from './graphsizes';

const QUIET_MILLISECONDS = 150;

/** Keeps the sizes of one pipeline's values up to date: after cells ran, and when other values cross. */
export class KernelSizes implements IDisposable {
  constructor(
    private readonly _pipeline: IPipeline,
    private readonly _ask: Client['sizes']
  ) {
    NotebookActions.executed.connect(this._executed, this);
    _pipeline.analysis.viewChanged.connect(this._viewed, this);
    this._session.statusChanged.connect(this._status, this);
    this._session.kernelChanged.connect(this._forget, this);
    this._viewed();
  }

  /** What is known now; a kernel that was changed or restarted knows nothing. */
  get measured(): Measured {
    return this._measured;
  }

  get changed(): ISignal<this, Measured> {
    return this._changed;
  }

  /** Why the last question had no answer, or empty. */
  get problem(): string {
    return this._problem;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    clearTimeout(this._timer);
    NotebookActions.executed.disconnect(this._executed, this);
    Signal.clearData(this);
  }

  private get _session(): ISessionContext {
    return this._pipeline.panel.sessionContext;
  }

  private _executed(_: unknown, { notebook }: { notebook: Notebook; cell: Cell }): void {
    if (notebook === this._pipeline.panel.content) {
      this._want();
    }
  }

  private _viewed(): void {
    const names = crossing(this._pipeline);
    if (names.join() !== this._names.join()) {
      this._names = names;
      this._want();
    }
  }

  private _status(_: ISessionContext, status: Kernel.Status): void {
    if (status === 'restarting' || status === 'autorestarting' || status === 'dead') {
      this._forget();
    } else if (status === 'idle' && this._wanted && !this._asking) {
      this._schedule();
    }
  }

  private _forget(): void {
    this._set(new Map());
    this._want();
  }

  private _want(): void {
    this._wanted = true;
    this._schedule();
  }

  private _schedule(): void {
    clearTimeout(this._timer);
    this._timer = setTimeout(() => void this._measure(), QUIET_MILLISECONDS);
  }

  private async _measure(): Promise<void> {
    const kernel = this._session.session?.kernel;
    if (this._isDisposed || this._asking || !this._wanted || this._names.length === 0 || kernel?.status !== 'idle') {
      return; // the next idle moment asks again
    }
    this._asking = true;
    this._wanted = false;
    try {
      const { code, expression } = await this._ask({ names: this._names });
      this._set(await evaluated(kernel, code, expression));
      this._problem = '';
    } catch (error) {
      this._problem = error instanceof Error ? error.message : String(error); // sizes stay what they were; the panel says why
    } finally {
      this._asking = false;
    }
    this._again();
  }

  /** What was wanted meanwhile is asked now. */
  private _again(): void {
    if (this._wanted) {
      this._schedule();
    }
  }

  private _set(measured: Measured): void {
    const told = JSON.stringify([...measured]);
    if (!this._isDisposed && told !== this._told) {
      this._told = told;
      this._measured = measured;
      this._changed.emit(measured);
    }
  }

  private _measured: Measured = new Map();
  private _told = '[]';
  private _names: string[] = [];
  private _wanted = false;
  private _asking = false;
  private _problem = '';
  private _isDisposed = false;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private readonly _changed = new Signal<this, Measured>(this);
}

function crossing(pipeline: IPipeline): string[] {
  const edges = pipeline.analysis.view?.graph?.edges ?? [];
  return [...new Set(edges.flatMap(edge => edge.values.flatMap(value => value.names)))].sort();
}

async function evaluated(kernel: Kernel.IKernelConnection, code: string, expression: string): Promise<Measured> {
  const future = kernel.requestExecute({ code, silent: true, store_history: false, stop_on_error: false, user_expressions: { sizes: expression } });
  const { content } = await future.done;
  const found = content.status === 'ok' ? (content.user_expressions.sizes as { status?: string; data?: Record<string, string>; evalue?: string } | undefined) : undefined;
  if (found?.status === 'error') {
    throw new Error(found.evalue ?? 'the kernel did not say why');
  }
  return readSizes(found?.data?.['text/plain'] ?? '{}');
}
