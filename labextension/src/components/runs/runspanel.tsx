/** The panel of runs of the notebook in front. */
import React, { useEffect, useState } from 'react';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { RunSummary } from '../../api/generated';
import type { NotebookRuns, RunsBook } from '../../model/runsbook';
import type { IPipeline, IPipelines } from '../../tokens';
import { RunDetail } from './rundetail';
import { RunList } from './runlist';

/** What the panel asks the commands to do. */
export interface IRunsActions {
  compare: (left: string, right: string) => void;
  stop: (id: string) => void;
  resume: (id: string) => void;
  again: (summary: RunSummary) => void;
}

/** The runs of the notebook that is in front. */
export class RunsPanel extends ReactWidget {
  constructor(
    private readonly _pipelines: IPipelines,
    private readonly _book: RunsBook,
    private readonly _actions: IRunsActions,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-mlops-runs');
    this.id = 'jupyter-mlops-runs';
    _pipelines.currentChanged.connect(this._refresh, this);
    this._refresh();
  }

  override dispose(): void {
    Signal.clearData(this);
    super.dispose();
  }

  protected override onAfterShow(): void {
    this._refresh();
  }

  protected override render(): React.JSX.Element {
    const pipeline = this._pipelines.current;
    if (!pipeline) {
      return <p className="jp-mlops-empty">{this._trans.__('Open a notebook to see its runs.')}</p>;
    }
    const runs = this._book.of(pipeline);
    return <Runs key={pipeline.panel.id} pipeline={pipeline} runs={runs} pageUrl={this._pipelines.client.pageUrl.bind(this._pipelines.client)} actions={this._actions} trans={this._trans} />;
  }

  private _refresh(): void {
    const pipeline = this._pipelines.current;
    if (pipeline) {
      const runs = this._book.of(pipeline);
      // The newest run is what somebody who opens the panel wants to see.
      void runs.refresh().then(() => runs.shown ?? runs.show(runs.list[0]?.id ?? null));
    }
    this.update();
  }
}

interface IRunsProps {
  pipeline: IPipeline;
  runs: NotebookRuns;
  pageUrl: (id: string, label: string) => string;
  actions: IRunsActions;
  trans: TranslationBundle;
}

/** Draw again when one of these says so. */
function useSignals(...signals: ISignal<unknown, unknown>[]): void {
  const [, again] = useState(0);
  useEffect(() => {
    const draw = () => again(count => count + 1);
    signals.forEach(signal => signal.connect(draw));
    return () => signals.forEach(signal => signal.disconnect(draw));
  }, signals);
}

function Runs({ pipeline, runs, pageUrl, actions, trans }: IRunsProps): React.JSX.Element {
  useSignals(runs.changed, pipeline.analysis.viewChanged, pipeline.focusChanged);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const graph = pipeline.analysis.view?.graph;
  const shown = runs.shown;
  if (runs.list.length === 0) {
    return <p className="jp-mlops-empty">{runs.problem || (runs.isReady ? trans.__('This notebook has not been run as a pipeline yet.') : trans.__('Reading the runs…'))}</p>;
  }
  const compare = () => {
    // The older one is the first, whichever was chosen first.
    const [right, left] = runs.list.filter(run => chosen.includes(run.id));
    if (left && right) {
      actions.compare(left.id, right.id);
    }
  };
  return (
    <div className="jp-mlops-runs-both">
      <RunList
        runs={runs.list}
        shown={shown?.id ?? null}
        answered={shown?.answered ?? 0}
        parameters={graph?.parameters}
        chosen={chosen.filter(id => runs.list.some(run => run.id === id))}
        onShow={id => runs.show(id)}
        onChoose={(id, isChosen) => setChosen(isChosen ? [...chosen, id] : chosen.filter(other => other !== id))}
        onCompare={compare}
        trans={trans}
      />
      {shown && (
        <RunDetail
          key={shown.id}
          follow={shown}
          focused={pipeline.focus.step}
          colour={name => graph?.nodes.find(node => node.name === name)?.colour ?? null}
          pageUrl={label => pageUrl(shown.id, label)}
          onFocus={step => (pipeline.focus = { step })}
          onReveal={(cell, line) => void reveal(pipeline, cell, line)}
          onStop={() => actions.stop(shown.id)}
          onResume={() => actions.resume(shown.id)}
          onAgain={actions.again}
          trans={trans}
        />
      )}
    </div>
  );
}

/** Show a cell by its number among all cells, and select a line in it. */
async function reveal(pipeline: IPipeline, number: number, line: number | null): Promise<void> {
  const cells = pipeline.panel.model?.cells;
  const cell = cells && number <= cells.length ? cells.get(number - 1) : undefined;
  if (!cell) {
    return;
  }
  const text = line === null ? undefined : cell.sharedModel.getSource().split('\n')[line - 1];
  const range = line === null || text === undefined ? null : { start: { line, column: 0, utf16: 0 }, end: { line, column: Array.from(text).length, utf16: text.length } };
  await pipeline.reveal(cell.id, range);
}
