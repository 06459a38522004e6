/** The steps of a run: how each stands, how long it took, what it gave. */
import React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { RunStep } from '../../api/generated';
import { stepColour } from '../../model/colours';
import { duration, size, stepWord } from '../../model/runswords';
import { StateMark } from './statemark';
import { Ticking } from './ticking';

export interface IStepsTableProps {
  steps: readonly RunStep[];
  /** When the times of steps that run were true, in milliseconds since 1970. */
  answered: number;
  selected: string | null;
  /** The step's number in the pipeline as it is now. */
  colour: (step: string) => number | null;
  onSelect: (step: RunStep) => void;
  trans: TranslationBundle;
}

/** One row a step; a row is chosen by its step's button. */
export function StepsTable({ steps, answered, selected, colour, onSelect, trans }: IStepsTableProps): React.JSX.Element {
  return (
    <table className="jp-mlops-table jp-mlops-steps">
      <thead>
        <tr>
          <th scope="col">{trans.__('Step')}</th>
          <th scope="col">{trans.__('State')}</th>
          <th scope="col" className="jp-mod-number">
            {trans.__('Time')}
          </th>
          <th scope="col">{trans.__('Gives')}</th>
        </tr>
      </thead>
      <tbody>
        {steps.map(step => (
          <tr key={step.label} className={step.label === selected ? 'jp-mod-selected' : ''} data-state={step.state} data-step={step.label} onClick={() => onSelect(step)}>
            <th scope="row">
              <button aria-pressed={step.label === selected}>
                <Dot number={colour(step.step)} />
                {step.label}
              </button>
            </th>
            <td>
              <span className="jp-mlops-state">
                <StateMark state={step.state} />
                {stepWord(step.state, trans)}
                {step.attempts > 1 && <small>{trans.__('attempt %1', step.attempts)}</small>}
              </span>
            </td>
            <td className="jp-mod-number">{time(step, answered)}</td>
            <td className="jp-mlops-gives">{gives(step)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Dot({ number }: { number: number | null }): React.JSX.Element {
  return <span className="jp-mlops-dot" style={number === null ? {} : { background: stepColour(number) }} aria-hidden="true" />;
}

function time(step: RunStep, answered: number): React.JSX.Element | string {
  if (step.state === 'running') {
    return <Ticking seconds={step.seconds} since={answered} />;
  }
  return step.attempts > 0 && step.seconds > 0 ? duration(step.seconds) : '';
}

function gives({ artifacts }: RunStep): string {
  const own = artifacts.filter(artifact => artifact.type !== 'HTML');
  return own.map(({ port, bytes }) => (bytes === null ? port : `${port} ${size(bytes)}`)).join(', ');
}
