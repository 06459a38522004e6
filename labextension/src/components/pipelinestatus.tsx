/** One line in the status bar: how many steps, how many problems. */
import React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { isPipeline } from '../model/invitation';
import { count, worst } from '../model/problems';
import type { IPipelines, IProblems } from '../tokens';
import { SeverityMark } from './severitymark';

/** The status of the pipeline in front; a click opens its problems. */
export class PipelineStatus extends ReactWidget {
  constructor(
    private readonly _pipelines: IPipelines,
    private readonly _problems: IProblems,
    private readonly _open: () => void,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-mlops-status');
    _pipelines.currentChanged.connect(() => this.update());
    _problems.changed.connect(() => this.update());
  }

  protected override render(): React.JSX.Element | null {
    const pipeline = this._pipelines.current;
    const view = pipeline?.analysis.view;
    if (!pipeline || !view || !isPipeline(view)) {
      return null;
    }
    const steps = new Set(view.cells.map(cell => cell.step).filter(step => step !== null)).size;
    const problems = this._problems.of(pipeline);
    const { error, warning } = count(problems);
    const severity = worst(problems);
    const text = error > 0 ? this._trans._n('%1 error', '%1 errors', error) : warning > 0 ? this._trans._n('%1 warning', '%1 warnings', warning) : this._trans.__('no problems');
    return (
      <button type="button" title={this._trans.__('Show what is wrong with this pipeline')} onClick={this._open}>
        {severity && <SeverityMark severity={severity} />}
        {this._trans._n('%1 step', '%1 steps', steps)}, {text}
      </button>
    );
  }
}
