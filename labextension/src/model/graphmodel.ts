/** One open notebook → all that its graph shows, as one picture that changes as a whole; the last graph stays while errors allow no new one. */
import { Signal, type ISignal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';
import type { Client } from '../api/client';
import type { EdgeValue, Graph, RunStep, Use } from '../api/generated';
import type { IFocus, IPipeline } from '../tokens';
import { plan, type IPlan } from './graphplan';
import { KernelSizes } from './kernelsizes';
import { reuse } from './graphsharing';
import type { Measured } from './graphsizes';
import { isPipeline } from './invitation';

/** Why there is no graph, or why it is not the newest. */
export type GraphState = 'drawn' | 'empty' | 'kept' | 'loading' | 'offline' | 'refused';

/** What is shown. */
export interface IPicture {
  state: GraphState;
  problem: string;
  graph: Graph | null;
  plan: IPlan | null;
  errors: number;
  measured: Measured;
  runSteps: ReadonlyMap<string, RunStep>;
  focus: IFocus;
  /** The step of the cell that the cursor is in. */
  here: string | null;
}

/** The graph of one notebook. */
export class GraphModel implements IDisposable {
  constructor(
    readonly pipeline: IPipeline,
    client: Client
  ) {
    this.sizes = new KernelSizes(pipeline, client.sizes);
    const { analysis, panel } = pipeline;
    analysis.viewChanged.connect(this._viewed, this);
    analysis.stateChanged.connect(this._told, this);
    pipeline.focusChanged.connect(this._told, this);
    pipeline.runStepsChanged.connect(this._told, this);
    panel.content.activeCellChanged.connect(this._told, this);
    panel.disposed.connect(this.dispose, this);
    this.sizes.changed.connect(this._planned, this);
    this._viewed();
  }

  readonly sizes: KernelSizes;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** What is to be seen now. */
  get picture(): IPicture {
    const { analysis, focus, runSteps } = this.pipeline;
    return {
      state: this._state(),
      problem: analysis.problem,
      graph: this._graph,
      plan: this._plan,
      errors: analysis.view?.diagnostics.filter(each => each.severity === 'error').length ?? 0,
      measured: this.sizes.measured,
      runSteps,
      focus,
      here: this._here()
    };
  }

  /** Look at a step, and show its first cell. */
  async openStep(name: string): Promise<void> {
    this.pipeline.focus = { step: name };
    const [first] = this._graph?.nodes.find(node => node.name === name)?.cells ?? [];
    if (first !== undefined) {
      await this.pipeline.reveal(first);
    }
  }

  /** Show a place where a value is made or used. */
  async openUse(use: Use): Promise<void> {
    await this.pipeline.reveal(use.cell, use.range);
  }

  /** The number of a cell, as the notebook's reader counts, or null when it is gone. */
  numberOf(cell: string): number | null {
    return this.pipeline.analysis.view?.cells.find(each => each.id === cell)?.number ?? null;
  }

  /** What the kernel says of each name of a value. */
  sizesOf(value: EdgeValue): { name: string; size: string }[] {
    return value.names.map(name => ({ name, size: this.sizes.measured.get(name)?.size ?? '' })).filter(({ size }) => size !== '');
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this.sizes.dispose();
      Signal.disconnectReceiver(this);
      Signal.clearData(this);
    }
  }

  private _state(): GraphState {
    const { analysis } = this.pipeline;
    if (analysis.state === 'offline' || analysis.state === 'refused') {
      return analysis.state;
    }
    if (!analysis.view) {
      return 'loading';
    }
    return this._graph === null ? 'empty' : analysis.view.graph === null ? 'kept' : 'drawn';
  }

  private _here(): string | null {
    const id = this.pipeline.panel.content.activeCell?.model.id;
    return this.pipeline.analysis.view?.cells.find(cell => cell.id === id)?.step ?? null;
  }

  private _viewed(): void {
    const view = this.pipeline.analysis.view;
    // A notebook without steps runs as one, which is no picture worth drawing; one that cannot be told keeps its last.
    const graph = view && isPipeline(view) ? (view.graph ?? (view.cells.some(cell => cell.place === 'step') ? this._graph : null)) : null;
    const text = JSON.stringify(graph);
    if (text !== this._text) {
      this._text = text;
      this._graph = graph;
      this._planned();
    } else {
      this._told();
    }
  }

  private _planned(): void {
    this._plan = this._graph && reuse(this._plan, plan(this._graph, this.sizes.measured));
    this._told();
  }

  private _told(): void {
    this._changed.emit();
  }

  private _graph: Graph | null = null;
  private _plan: IPlan | null = null;
  private _text = 'null';
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
