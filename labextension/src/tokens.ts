/** What the plug-ins share: the pipelines of the notebooks that are open. */
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { CellTags, Diagnostic, Edit, Fix, Range, RunStep } from './api/generated';
import type { Client } from './api/client';
import type { Analysis } from './model/analysis';

/** What the user looks at: a step, an edge, or nothing. Shared by the graph, the cells and the panels. */
export interface IFocus {
  step?: string;
  edge?: { source: string; target: string };
}

/** One notebook that is open, as a pipeline. */
export interface IPipeline {
  readonly panel: NotebookPanel;
  readonly analysis: Analysis;

  /** What the user looks at. */
  focus: IFocus;
  readonly focusChanged: ISignal<IPipeline, IFocus>;

  /** How the steps stand in the run that is shown, by step; empty when none is. Fan-outs are folded: the worst state counts. */
  runSteps: ReadonlyMap<string, RunStep>;
  readonly runStepsChanged: ISignal<IPipeline, void>;

  /** Write the notebook to its file if it has changed; a save that still goes on is waited for. */
  save(): Promise<void>;

  /** Give cells other tags and settings, as one change that one undo takes back. */
  retag(cells: readonly CellTags[]): void;

  /** Replace text in cells, as one change. */
  edit(edits: readonly Edit[]): void;

  /** Show a cell, and select a range in it. */
  reveal(cell: string, range?: Range | null): Promise<void>;
}

/** The pipelines of all open notebooks. */
export interface IPipelines {
  readonly client: Client;

  /** The pipeline of the notebook that is in front, or null. */
  readonly current: IPipeline | null;
  readonly currentChanged: ISignal<IPipelines, IPipeline | null>;

  /** A notebook has been opened. */
  readonly added: ISignal<IPipelines, IPipeline>;

  /** Do something with each of those that are open, and with each that is opened later. */
  each(use: (pipeline: IPipeline) => void): void;

  of(panel: NotebookPanel): IPipeline | null;
}

export const IPipelines = new Token<IPipelines>('jupyter-mlops:IPipelines', 'The pipelines of the notebooks that are open.');

/** What is wrong with the notebooks that are open. */
export interface IProblems {
  /** The findings that are shown of a notebook. */
  of(pipeline: IPipeline): readonly Diagnostic[];
  readonly changed: ISignal<IProblems, IPipeline>;

  /** Do what a fix says; a finding that is gone by now is left alone. */
  apply(pipeline: IPipeline, problem: Diagnostic, fix: Fix): Promise<void>;
}

export const IProblems = new Token<IProblems>('jupyter-mlops:IProblems', 'What is wrong with the notebooks that are open.');
