/** The button in a notebook's toolbar: runs the pipeline, or stops the run that goes on; its arrow opens everything else. */
import React, { useEffect, useState } from 'react';
import { ReactWidget, caretDownEmptyIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Menu } from '@lumino/widgets';
import { runIcon } from '../icons';
import { reasonNotToRun } from '../../model/runsreason';
import type { NotebookRuns } from '../../model/runsbook';
import type { IPipeline } from '../../tokens';
import { StateMark } from './statemark';

export interface IRunButtonProps {
  onRun: () => void;
  onStop: (id: string) => void;
  menu: () => Menu;
  trans: TranslationBundle;
}

/** The toolbar's item. */
export class RunButton extends ReactWidget {
  constructor(private readonly _props: IRunButtonProps) {
    super();
    this.addClass('jp-mlops-runbutton');
  }

  /** Say whose button it is: a toolbar is made before its notebook is announced. */
  belongsTo(pipeline: IPipeline, runs: NotebookRuns): void {
    this._mine = { pipeline, runs };
    this.update();
  }

  protected override render(): React.JSX.Element | null {
    return this._mine && <Split {...this._props} {...this._mine} />;
  }

  private _mine: { pipeline: IPipeline; runs: NotebookRuns } | null = null;
}

function Split({ pipeline, runs, onRun, onStop, menu, trans }: IRunButtonProps & { pipeline: IPipeline; runs: NotebookRuns }): React.JSX.Element {
  const [, again] = useState(0);
  useEffect(() => {
    const draw = () => again(count => count + 1);
    const signals = [runs.changed, pipeline.analysis.viewChanged, pipeline.analysis.stateChanged];
    signals.forEach(signal => signal.connect(draw));
    return () => signals.forEach(signal => signal.disconnect(draw));
  }, [pipeline, runs]);
  const alive = runs.alive;
  const reason = reasonNotToRun(pipeline, trans);
  const open = ({ currentTarget }: React.MouseEvent<HTMLElement>) => {
    const { left, bottom } = currentTarget.parentElement?.getBoundingClientRect() ?? currentTarget.getBoundingClientRect();
    menu().open(left, bottom);
  };
  return (
    <div role="group" aria-label={trans.__('Pipeline')}>
      {alive ? (
        <button className="jp-mlops-split" title={trans.__('Stop the run')} onClick={() => onStop(alive.id)}>
          <StateMark state="running" />
          {trans.__('Stop')} {alive.total > 0 && <small>{`${alive.done}/${alive.total}`}</small>}
        </button>
      ) : (
        <button
          className="jp-mlops-split"
          aria-disabled={reason !== ''}
          title={reason ? trans.__('It cannot be run: %1', reason) : trans.__('Run the notebook as a pipeline, each step in a process of its own')}
          onClick={reason ? undefined : onRun}
        >
          <runIcon.react tag="span" className="jp-mlops-split-icon" />
          {trans.__('Run pipeline')}
        </button>
      )}
      <button className="jp-mlops-split jp-mlops-split-more" aria-haspopup="menu" aria-label={trans.__('More ways to run')} title={trans.__('More ways to run')} onClick={open}>
        <caretDownEmptyIcon.react tag="span" />
      </button>
    </div>
  );
}
