/** One step of a run: why it failed and where, its log, what it gave and displayed. */
import React, { useState } from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Metric, RunStep } from '../../api/generated';
import type { StepLog } from '../../model/runslog';
import { figure, size } from '../../model/runswords';
import { LogView } from './logview';

type Tab = 'log' | 'outputs' | 'display';

export interface IStepViewProps {
  step: RunStep;
  log: StepLog | undefined;
  metrics: readonly Metric[];
  /** The address of what it displayed. */
  page: string;
  /** Show the cell that failed; null when it cannot be told. */
  onReveal: (() => void) | null;
  trans: TranslationBundle;
}

/** The pane beside the table of steps. */
export function StepView(props: IStepViewProps): React.JSX.Element {
  const { step, trans } = props;
  const [wanted, setTab] = useState<Tab>('log');
  const tabs: [Tab, string][] = [
    ['log', trans.__('Log')],
    ['outputs', `${trans.__('Outputs')} ${step.artifacts.length || ''}`]
  ];
  if (step.page) {
    tabs.push(['display', trans.__('Displayed')]);
  }
  const tab = tabs.some(([name]) => name === wanted) ? wanted : 'log';
  const move = (event: React.KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? tabs.length - 1 : 0;
    const next = by && tabs[(tabs.findIndex(([name]) => name === tab) + by) % tabs.length];
    if (next) {
      setTab(next[0]);
      event.currentTarget.querySelector<HTMLElement>(`[data-tab=${next[0]}]`)?.focus();
    }
  };
  return (
    <section className="jp-mlops-step" aria-label={trans.__('Step %1', step.label)}>
      {(step.headline || step.reason) && <Failure {...props} />}
      <div className="jp-mlops-tabs" role="tablist" onKeyDown={move}>
        {tabs.map(([name, title]) => (
          <button key={name} role="tab" data-tab={name} aria-selected={tab === name} tabIndex={tab === name ? 0 : -1} onClick={() => setTab(name)}>
            {title}
          </button>
        ))}
        <span className="jp-mlops-step-name">{step.label}</span>
      </div>
      <div className="jp-mlops-tab" role="tabpanel" aria-label={tabs.find(([name]) => name === tab)?.[1]}>
        <Content key={step.label} tab={tab} {...props} />
      </div>
    </section>
  );
}

function Failure({ step, onReveal, trans }: IStepViewProps): React.JSX.Element {
  const isFailure = step.state === 'failed';
  return (
    <div className={isFailure ? 'jp-mlops-failure' : 'jp-mlops-reason'} role={isFailure ? 'alert' : 'note'}>
      <pre>{step.headline || step.reason}</pre>
      {step.cell !== null && onReveal && (
        <button className="jp-mlops-button" onClick={onReveal}>
          {step.line === null ? trans.__('Go to cell %1', step.cell) : trans.__('Go to cell %1, line %2', step.cell, step.line)}
        </button>
      )}
    </div>
  );
}

function Content({ tab, step, log, page, trans, ...props }: IStepViewProps & { tab: Tab }): React.JSX.Element {
  switch (tab) {
    case 'log':
      return <LogView log={log} empty={emptyLog(step, trans)} label={trans.__('Log of %1', step.label)} trans={trans} />;
    case 'outputs':
      return <Outputs step={step} metrics={props.metrics} trans={trans} />;
    case 'display':
      // Somebody's code made this page: it may run scripts, but as nobody of this origin.
      return <iframe className="jp-mlops-page" sandbox="allow-scripts" src={page} title={trans.__('Displayed by %1', step.label)} />;
  }
}

function emptyLog(step: RunStep, trans: TranslationBundle): string {
  switch (step.state) {
    case 'waiting':
      return trans.__('It has not begun.');
    case 'running':
      return trans.__('Nothing printed so far.');
    case 'cached':
      return trans.__('It was not run: its outputs are those of an earlier run with the same code and inputs.');
    case 'resumed':
      return trans.__('It was not run again: its outputs are kept.');
    case 'not run':
    case 'skipped':
      return trans.__('It was not run.');
    default:
      return trans.__('It printed nothing.');
  }
}

function Outputs({ step, metrics, trans }: Pick<IStepViewProps, 'step' | 'metrics' | 'trans'>): React.JSX.Element {
  if (step.artifacts.length === 0) {
    return <p className="jp-mlops-empty">{trans.__('It has given nothing.')}</p>;
  }
  return (
    <div className="jp-mlops-scroll">
      {metrics.length > 0 && (
        <dl className="jp-mlops-metrics">
          {metrics.map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{figure(value)}</dd>
            </div>
          ))}
        </dl>
      )}
      <table className="jp-mlops-table">
        <thead>
          <tr>
            <th scope="col">{trans.__('Name')}</th>
            <th scope="col">{trans.__('Type')}</th>
            <th scope="col">{trans.__('Stored as')}</th>
            <th scope="col" className="jp-mod-number">
              {trans.__('Size')}
            </th>
          </tr>
        </thead>
        <tbody>
          {step.artifacts.map(artifact => (
            <tr key={artifact.port} title={artifact.digest ?? ''}>
              <th scope="row">
                <code>{artifact.port}</code>
              </th>
              <td>{artifact.type}</td>
              <td>{artifact.encoding}</td>
              <td className="jp-mod-number">{artifact.bytes === null ? '' : size(artifact.bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
