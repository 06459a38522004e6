/** The panel of problems: every finding of the notebook in front, with its fixes. */
import React, { useState } from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { Signal } from '@lumino/signaling';
import type { Diagnostic, Fix } from '../api/generated';
import { sentence } from '../editor/marks';
import { capital, count, pieces, type Severity } from '../model/problems';
import { whyNone } from '../model/problemswords';
import type { IPipeline, IPipelines, IProblems } from '../tokens';
import { SeverityMark } from './severitymark';

/** What the panel asks the commands to do. */
export interface IProblemsActions {
  explain: (code: string) => void;
}

/** The problems of the notebook that is in front. */
export class ProblemsPanel extends ReactWidget {
  constructor(
    private readonly _pipelines: IPipelines,
    private readonly _problems: IProblems,
    private readonly _actions: IProblemsActions,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.id = 'jupyter-mlops-problems';
    this.addClass('jp-mlops-problems');
    _pipelines.currentChanged.connect(this._refresh, this);
    _problems.changed.connect(this._refresh, this);
  }

  override dispose(): void {
    Signal.clearData(this);
    super.dispose();
  }

  protected override render(): React.JSX.Element {
    const pipeline = this._pipelines.current;
    if (!pipeline) {
      return <p className="jp-mlops-empty">{this._trans.__('Open a notebook to see its problems.')}</p>;
    }
    const apply = (problem: Diagnostic, fix: Fix) => void this._problems.apply(pipeline, problem, fix);
    return <Problems pipeline={pipeline} problems={this._problems.of(pipeline)} apply={apply} explain={this._actions.explain} trans={this._trans} />;
  }

  private _refresh(): void {
    if (this.isVisible) {
      this.update();
    }
  }

  protected override onAfterShow(): void {
    this.update();
  }
}

interface IProblemsProps {
  pipeline: IPipeline;
  problems: readonly Diagnostic[];
  apply: (problem: Diagnostic, fix: Fix) => void;
  explain: (code: string) => void;
  trans: TranslationBundle;
}

function Problems({ pipeline, problems, apply, explain, trans }: IProblemsProps): React.JSX.Element {
  const [hidden, setHidden] = useState<ReadonlySet<Severity>>(new Set());
  const counts = count(problems);
  const toggle = (severity: Severity) => setHidden(new Set(hidden.has(severity) ? [...hidden].filter(each => each !== severity) : [...hidden, severity]));
  if (problems.length === 0) {
    return <p className="jp-mlops-empty">{whyNone(pipeline, trans)}</p>;
  }
  const names: Record<Severity, string> = {
    error: trans._n('%1 error', '%1 errors', counts.error),
    warning: trans._n('%1 warning', '%1 warnings', counts.warning),
    note: trans._n('%1 note', '%1 notes', counts.note)
  };
  return (
    <>
      <div className="jp-mlops-problems-filter" role="toolbar" aria-label={trans.__('Which problems are listed')}>
        {(['error', 'warning', 'note'] as const).map(severity => (
          <button key={severity} type="button" aria-pressed={!hidden.has(severity)} disabled={counts[severity] === 0} onClick={() => toggle(severity)}>
            <SeverityMark severity={severity} />
            {names[severity]}
          </button>
        ))}
      </div>
      <ul className="jp-mlops-problems-list" aria-label={trans.__('Problems')}>
        {problems
          .filter(({ severity }) => !hidden.has(severity))
          .map((problem, index) => (
            <Problem key={`${problem.code} ${problem.place?.cell} ${problem.message} ${index}`} {...{ pipeline, problem, apply, explain, trans }} />
          ))}
      </ul>
    </>
  );
}

function Problem({ pipeline, problem, apply, explain, trans }: Omit<IProblemsProps, 'problems'> & { problem: Diagnostic }): React.JSX.Element {
  const { place, code, slug, severity } = problem;
  const names: Record<Severity, string> = { error: trans.__('error'), warning: trans.__('warning'), note: trans.__('note') };
  const show = () => void (place?.cell && pipeline.reveal(place.cell, place.range));
  const where = [place?.number ? trans.__('cell %1', place.number) : trans.__('notebook'), place?.range ? trans.__('line %1', place.range.start.line) : ''].filter(Boolean).join(', ');
  return (
    <li>
      <SeverityMark severity={severity} label={names[severity]} />
      <div>
        <button type="button" className="jp-mlops-problems-message" onClick={show} disabled={!place?.cell}>
          <Words text={problem.message} /> <span className="jp-mlops-problems-place">{where}</span>
        </button>
        <p className="jp-mlops-problem-why">
          <Words text={`${capital(problem.why)}. ${capital(problem.fix)}.`} />
        </p>
      </div>
      <div className="jp-mlops-problems-fixes">
        {problem.fixes.map(fix => (
          <button key={fix.title} type="button" className="jp-mlops-problems-fix" onClick={() => apply(problem, fix)}>
            {sentence(fix.title)}
          </button>
        ))}
        <button type="button" className="jp-mlops-problem-code" title={slug} onClick={() => explain(code)}>
          {code}
        </button>
      </div>
    </li>
  );
}

function Words({ text }: { text: string }): React.JSX.Element {
  return <>{pieces(text).map((piece, index) => (piece.isCode ? <code key={index}>{piece.text}</code> : <React.Fragment key={index}>{piece.text}</React.Fragment>))}</>;
}
