/** The graph as a panel of JupyterLab: it shows the notebook that is in front. */
import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { GraphModel } from '../../model/graphmodel';
import type { IPipeline, IPipelines } from '../../tokens';
import { pipelineIcon } from '../icons';
import { drawingText } from './drawingtext';
import { GraphView, type IGraphActions } from './graphview';

export const ID = 'jupyter-mlops-graph';

/** The panel. */
export class GraphPanel extends ReactWidget {
  constructor(
    private readonly _pipelines: IPipelines,
    private readonly _actions: IGraphActions,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.id = ID;
    this.addClass('jp-mlops-graph');
    this.title.label = _trans.__('Pipeline');
    this.title.caption = _trans.__('The steps of the notebook, and what they hand on');
    this.title.icon = pipelineIcon;
    this.title.closable = true;
    _pipelines.currentChanged.connect(this._follow, this);
    this._follow();
  }

  /** The graph that is shown, or null while no notebook is open. */
  get model(): GraphModel | null {
    return this._model;
  }

  /** The drawing as the text of an SVG file with the colours of the theme, or null when there is none. */
  get svg(): string | null {
    const drawing = this.node.querySelector<SVGSVGElement>('.jp-mlops-graph-drawing');
    const plan = this._model?.picture.plan;
    return drawing && plan ? drawingText(drawing, plan, this._model?.picture.graph?.name ?? '') : null;
  }

  override dispose(): void {
    this._model?.dispose();
    this._pipelines.currentChanged.disconnect(this._follow, this);
    super.dispose();
  }

  protected render(): React.JSX.Element {
    return <GraphView model={this._model} actions={this._actions} prefix={ID} trans={this._trans} />;
  }

  protected override onActivateRequest(): void {
    this.node.querySelector<HTMLElement>('.jp-mlops-graph-canvas, .jp-mlops-graph-action')?.focus({ preventScroll: true });
  }

  private _follow(): void {
    const next: IPipeline | null = this._pipelines.current;
    if (next === (this._model?.pipeline ?? null) && !(this._model?.isDisposed ?? false)) {
      return;
    }
    this._model?.dispose();
    this._model = next && new GraphModel(next, this._pipelines.client);
    this.update();
  }

  private _model: GraphModel | null = null;
}
