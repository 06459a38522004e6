/** The runs of a notebook, newest first; two of them can be chosen for a comparison. */
import React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Parameter, RunSummary } from '../../api/generated';
import { changedParameters, isOver } from '../../model/runs';
import { briefly, kindWord, runWord, when } from '../../model/runswords';
import { StateMark } from './statemark';
import { Ticking } from './ticking';

export interface IRunListProps {
  runs: readonly RunSummary[];
  shown: string | null;
  /** When the time of a run that goes on was true, in milliseconds since 1970. */
  answered: number;
  parameters: readonly Parameter[] | undefined;
  chosen: readonly string[];
  onShow: (id: string) => void;
  onChoose: (id: string, chosen: boolean) => void;
  onCompare: () => void;
  trans: TranslationBundle;
}

/** The list, and above it the button that compares. */
export function RunList(props: IRunListProps): React.JSX.Element {
  const { runs, chosen, trans } = props;
  return (
    <div className="jp-mlops-runs-list">
      <div className="jp-mlops-head">
        <h2>{trans.__('Runs')}</h2>
        <button
          className="jp-mlops-button"
          disabled={chosen.length !== 2}
          title={chosen.length === 2 ? trans.__('Show what differs between the two') : trans.__('Choose two runs in the list')}
          onClick={props.onCompare}
        >
          {trans.__('Compare')}
          {chosen.length > 0 && ` (${chosen.length})`}
        </button>
      </div>
      <ul>
        {runs.map(run => (
          <Row key={run.id} run={run} {...props} />
        ))}
      </ul>
    </div>
  );
}

function Row({ run, shown, answered, parameters, chosen, onShow, onChoose, trans }: IRunListProps & { run: RunSummary }): React.JSX.Element {
  const isShown = run.id === shown;
  const goesOn = !isOver(run.state);
  const changed = changedParameters(run.parameters, parameters);
  return (
    <li className={`jp-mlops-run${isShown ? ' jp-mod-shown' : ''}`} data-state={run.state}>
      <input
        type="checkbox"
        aria-label={trans.__('Choose the run of %1 for a comparison', when(run.started, new Date()))}
        checked={chosen.includes(run.id)}
        disabled={chosen.length === 2 && !chosen.includes(run.id)}
        onChange={event => onChoose(run.id, event.currentTarget.checked)}
      />
      <button aria-current={isShown} onClick={() => onShow(run.id)}>
        <StateMark state={run.state} />
        <span className="jp-mlops-run-state">
          {runWord(run.state, trans)}
          {goesOn && run.total > 0 && ` ${run.done}/${run.total}`}
        </span>
        <Ticking seconds={run.seconds} since={goesOn && isShown ? answered : null} />
        <span className="jp-mlops-run-when">
          {run.kind === 'local' ? '' : `${kindWord(run.kind, trans)} · `}
          {when(run.started, new Date())}
        </span>
        {changed.length > 0 && (
          <span className="jp-mlops-run-parameters">
            {changed.map(([name, value]) => (
              <code key={name}>
                {name}={briefly(value, 18)}
              </code>
            ))}
          </span>
        )}
      </button>
    </li>
  );
}
