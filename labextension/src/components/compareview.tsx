/** Two runs side by side: what differs comes first, and says how. */
import React from 'react';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Compared, ComparedStep, Comparison, RunSummary } from '../api/generated';
import { changeOf, differencesFirst, shownValue, stepChange, timeChange } from '../model/comparison';
import { isStepDone } from '../model/runs';
import { duration, kindWord, runWord, stepWord, when } from '../model/runswords';
import { StateMark } from './runs/statemark';

/** The comparison, in the main area. */
export class CompareView extends ReactWidget {
  constructor(
    private readonly _comparison: Comparison,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-mlops-compare');
  }

  protected override render(): React.JSX.Element {
    const { left, right, parameters, metrics, steps } = this._comparison;
    const trans = this._trans;
    return (
      <article>
        <h2>{left.notebook === right.notebook ? left.notebook : `${left.notebook} – ${right.notebook}`}</h2>
        <div className="jp-mlops-compare-runs">
          <Summary title={trans.__('First')} run={left} trans={trans} />
          <Summary title={trans.__('Second')} run={right} trans={trans} />
        </div>
        <Values title={trans.__('Parameters')} empty={trans.__('Neither has parameters.')} rows={parameters} trans={trans} />
        <Values title={trans.__('Metrics')} empty={trans.__('Neither reports metrics.')} rows={metrics} trans={trans} />
        <Steps steps={steps} trans={trans} />
      </article>
    );
  }
}

function Summary({ title, run, trans }: { title: string; run: RunSummary; trans: TranslationBundle }): React.JSX.Element {
  return (
    <section data-state={run.state}>
      <small>{title}</small>
      <strong>
        <StateMark state={run.state} /> {runWord(run.state, trans)}
      </strong>
      <span>
        {kindWord(run.kind, trans)} · {when(run.started, new Date())} · {duration(run.seconds)}
      </span>
    </section>
  );
}

const ARROWS = { up: '↑', down: '↓', other: '≠', none: '' };

function Values({ title, empty, rows, trans }: { title: string; empty: string; rows: readonly Compared[]; trans: TranslationBundle }): React.JSX.Element {
  return (
    <section>
      <h3>{title}</h3>
      {rows.length === 0 ? (
        <p className="jp-mlops-note">{empty}</p>
      ) : (
        <table className="jp-mlops-table">
          <Head names={[trans.__('Name'), trans.__('First'), trans.__('Second'), trans.__('Change')]} />
          <tbody>
            {differencesFirst(rows, row => row.same).map(row => {
              const { direction, text } = changeOf(row, trans);
              return (
                <tr key={row.name} className={row.same ? 'jp-mod-same' : 'jp-mod-different'}>
                  <th scope="row">{row.name}</th>
                  <td>{shownValue(row.left)}</td>
                  <td>{shownValue(row.right)}</td>
                  <td>
                    {ARROWS[direction]} {text}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Head({ names }: { names: readonly string[] }): React.JSX.Element {
  return (
    <thead>
      <tr>
        {names.map(name => (
          <th key={name} scope="col">
            {name}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Steps({ steps, trans }: { steps: readonly ComparedStep[]; trans: TranslationBundle }): React.JSX.Element {
  const state = (which: ComparedStep['left'], seconds: number) =>
    which === null ? (
      '–'
    ) : (
      <span className="jp-mlops-state">
        <StateMark state={which} /> {stepWord(which, trans)} {seconds > 0 && <small>{duration(seconds)}</small>}
      </span>
    );
  return (
    <section>
      <h3>{trans.__('Steps')}</h3>
      <table className="jp-mlops-table">
        <Head names={[trans.__('Step'), trans.__('First'), trans.__('Second'), trans.__('Change')]} />
        <tbody>
          {steps.map(step => {
            const isSame = hasSameEnd(step) && step.outputs.length === 0 && step.code !== false;
            return (
              <tr key={step.label} className={isSame ? 'jp-mod-same' : 'jp-mod-different'}>
                <th scope="row">{step.label}</th>
                <td>{state(step.left, step.left_seconds)}</td>
                <td>{state(step.right, step.right_seconds)}</td>
                <td>{[stepChange(step, trans), timeChange(step, trans)].filter(Boolean).join(', ')}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** Whether it makes no difference for a reader how the step ended: a result from the cache is a result. */
function hasSameEnd({ left, right }: ComparedStep): boolean {
  return left === right || (left !== null && right !== null && isStepDone(left) && isStepDone(right));
}
