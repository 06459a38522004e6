/** One run: its state and what can be done about it, its steps, and the step that is looked at. */
import React, { useEffect, useState } from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { RunStep, RunSummary } from '../../api/generated';
import type { Follow } from '../../model/follow';
import { canResume, canStop, isOver, isStepOver, telling } from '../../model/runs';
import { briefly, figure, kindWord, runWord } from '../../model/runswords';
import { StateMark } from './statemark';
import { StepsTable } from './stepstable';
import { StepView } from './stepview';
import { Ticking } from './ticking';

export interface IRunDetailProps {
  follow: Follow;
  /** The step that is looked at elsewhere, in the graph or the cells. */
  focused: string | undefined;
  colour: (step: string) => number | null;
  pageUrl: (label: string) => string;
  onFocus: (step: string) => void;
  onReveal: (cell: number, line: number | null) => void;
  onStop: () => void;
  onResume: () => void;
  onAgain: (summary: RunSummary) => void;
  trans: TranslationBundle;
}

/** The right side of the panel. */
export function RunDetail(props: IRunDetailProps): React.JSX.Element {
  const { follow, trans } = props;
  const run = follow.run;
  const [wanted, setWanted] = useState<string | null>(null);
  useEffect(() => setWanted(run?.steps.find(step => step.step === props.focused)?.label ?? null), [props.focused]);
  const step = run?.steps.find(({ label }) => label === wanted) ?? (run ? telling(run) : undefined);
  const isWhole = step !== undefined && isStepOver(step.state) && step.attempts > 0;
  useEffect(() => {
    if (isWhole) {
      // What was heard may begin in the middle: the log of a step that is over is read as a whole. One that cannot be read leaves what was heard.
      follow.readLog(step.label).catch(() => undefined);
    }
  }, [follow, step?.label, isWhole]);
  if (!run) {
    return <p className="jp-mlops-empty">{follow.problem || trans.__('Reading the run…')}</p>;
  }
  const select = ({ label, step: name }: RunStep) => {
    setWanted(label);
    props.onFocus(name);
  };
  const { cell = null, line = null } = step ?? {};
  return (
    <div className="jp-mlops-run-detail">
      <Header {...props} />
      {follow.problem && <p className="jp-mlops-warning">{follow.state === 'offline' ? trans.__('The server does not answer; the run goes on. Trying again…') : follow.problem}</p>}
      {run.problem && (
        <p className="jp-mlops-failure" role="alert">
          {run.problem}
        </p>
      )}
      {run.verdict && <Verdict state={run.summary.state} text={run.verdict} />}
      <div className="jp-mlops-run-body">
        <div className="jp-mlops-scroll">
          <StepsTable steps={run.steps} answered={follow.answered} selected={step?.label ?? null} colour={props.colour} onSelect={select} trans={trans} />
          <Metrics follow={follow} trans={trans} />
        </div>
        {step && (
          <StepView
            step={step}
            log={follow.logs.of(step.label)}
            metrics={run.metrics.filter(metric => metric.step === step.label)}
            page={props.pageUrl(step.label)}
            onReveal={cell === null ? null : () => props.onReveal(cell, line)}
            trans={trans}
          />
        )}
      </div>
    </div>
  );
}

function Header({ follow, onStop, onResume, onAgain, trans }: IRunDetailProps): React.JSX.Element | null {
  const summary = follow.run?.summary;
  if (!summary) {
    return null;
  }
  const since = isOver(summary.state) ? null : follow.answered;
  return (
    <div className="jp-mlops-head">
      <h2 data-state={summary.state}>
        <StateMark state={summary.state} />
        <span role="status">{runWord(summary.state, trans)}</span>
      </h2>
      <span className="jp-mlops-run-about">
        {summary.pipeline} · {kindWord(summary.kind, trans)} · {trans.__('%1 of %2 steps', summary.done, summary.total)} · <Ticking seconds={summary.seconds} since={since} />
      </span>
      <span className="jp-mlops-run-parameters">
        {Object.entries(summary.parameters).map(([name, value]) => (
          <code key={name}>
            {name}={briefly(value)}
          </code>
        ))}
      </span>
      <span className="jp-mlops-actions">
        {summary.url && (
          <a href={summary.url} target="_blank" rel="noopener noreferrer" className="jp-mlops-button">
            {trans.__('Open in Kubeflow')}
          </a>
        )}
        {canStop(summary) && (
          <button className="jp-mlops-button" onClick={onStop}>
            {trans.__('Stop')}
          </button>
        )}
        {canResume(summary) && (
          <button className="jp-mlops-button jp-mod-main" onClick={onResume} title={trans.__('Go on; steps that have succeeded and have not changed are not run again')}>
            {isOver(summary.state) ? trans.__('Resume') : trans.__('Follow again')}
          </button>
        )}
        {isOver(summary.state) && (
          <button className="jp-mlops-button" onClick={() => onAgain(summary)} title={trans.__('Run the notebook as it is now, with the same parameters')}>
            {trans.__('Run again')}
          </button>
        )}
      </span>
    </div>
  );
}

function Verdict({ state, text }: { state: string; text: string }): React.JSX.Element {
  return <pre className={`jp-mlops-verdict${state === 'different' ? ' jp-mlops-failure' : ''}`}>{text}</pre>;
}

function Metrics({ follow, trans }: { follow: Follow; trans: TranslationBundle }): React.JSX.Element | null {
  const metrics = follow.run?.metrics ?? [];
  if (metrics.length === 0) {
    return null;
  }
  return (
    <dl className="jp-mlops-metrics" aria-label={trans.__('Metrics')}>
      {metrics.map(({ step, name, value }) => (
        <div key={`${step}.${name}`} title={trans.__('from %1', step)}>
          <dt>{name}</dt>
          <dd>{figure(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
