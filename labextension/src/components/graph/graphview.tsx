/** The panel of the graph: a line of what it is and what can be done, the graph, or why there is none. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { GraphModel, IPicture } from '../../model/graphmodel';
import type { IPlan } from '../../model/graphplan';
import { Canvas } from './canvas';
import { useWheel } from './usedrag';
import { useViewport, type IView } from './useviewport';

/** What the panel can ask of the rest of JupyterLab. */
export interface IGraphActions {
  propose: () => void;
  exportSvg: () => void;
  retry: () => void;
}

/** What the panel shows. */
export interface IGraphView {
  model: GraphModel | null;
  actions: IGraphActions;
  prefix: string;
  trans: TranslationBundle;
}

const ZOOM = 1.25;

/** The panel; it follows its model. */
export function GraphView({ model, actions, prefix, trans }: IGraphView): React.JSX.Element {
  const picture = usePicture(model);
  if (!model || !picture) {
    return <Message title={trans.__('No notebook')} text={trans.__('Open a notebook: its steps, and what they hand on, are drawn here.')} />;
  }
  const { graph, plan } = picture;
  return (
    <>
      <Banner picture={picture} actions={actions} trans={trans} />
      {graph && plan ? (
        <Graph key={model.pipeline.panel.id} model={model} picture={picture} plan={plan} actions={actions} prefix={prefix} trans={trans} />
      ) : (
        <NoGraph picture={picture} actions={actions} trans={trans} />
      )}
    </>
  );
}

function Graph({ plan, ...props }: { model: GraphModel; picture: IPicture; plan: IPlan; actions: IGraphActions; prefix: string; trans: TranslationBundle }): React.JSX.Element {
  const frame = React.useRef<HTMLDivElement>(null);
  const view = useViewport(frame, plan);
  useWheel(frame, view);
  return (
    <>
      <Bar {...props} view={view} />
      <div className="jp-mlops-graph-body" data-kept={props.picture.state === 'kept'}>
        <Canvas {...props} plan={plan} view={view} frame={frame} />
      </div>
    </>
  );
}

function Bar({ picture, view, actions, trans }: { picture: IPicture; view: IView; actions: IGraphActions; trans: TranslationBundle }): React.JSX.Element {
  const { graph, errors, state } = picture;
  const count = graph?.nodes.length ?? 0;
  return (
    <div className="jp-mlops-graph-bar" role="toolbar" aria-label={trans.__('Graph')}>
      <strong title={graph?.name}>{graph?.name}</strong>
      <span className="jp-mlops-graph-note">{trans._n('%1 step', '%1 steps', count)}</span>
      {errors > 0 && (
        <span className="jp-mlops-graph-note jp-mod-error" title={state === 'kept' ? trans.__('This is the last graph that could be drawn.') : undefined}>
          {trans._n('%1 error', '%1 errors', errors)}
        </span>
      )}
      <span className="jp-mlops-graph-space" />
      <Button label={trans.__('Zoom out')} keys="-" sign="−" onClick={() => view.zoom(1 / ZOOM)} />
      <output className="jp-mlops-graph-scale" aria-label={trans.__('Zoom')}>{`${Math.round(view.view.scale * 100)} %`}</output>
      <Button label={trans.__('Zoom in')} keys="+" sign="+" onClick={() => view.zoom(ZOOM)} />
      <Button label={trans.__('Show the whole graph')} keys="0" sign="M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3" onClick={view.fit} />
      <Button label={trans.__('Export as SVG')} sign="M8 2.5v7M5 6.7l3 3 3-3M3 13h10" onClick={actions.exportSvg} />
    </div>
  );
}

function Button({ label, keys, sign, onClick }: { label: string; keys?: string; sign: string; onClick: () => void }): React.JSX.Element {
  return (
    <button type="button" className="jp-mlops-graph-button" title={keys ? `${label} (${keys})` : label} aria-label={label} onClick={onClick}>
      {sign.length === 1 ? (
        sign
      ) : (
        <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
          <path d={sign} />
        </svg>
      )}
    </button>
  );
}

function Banner({ picture: { state, problem, graph }, actions, trans }: { picture: IPicture; actions: IGraphActions; trans: TranslationBundle }): React.JSX.Element | null {
  if (state !== 'offline' && state !== 'refused') {
    return null;
  }
  const old = graph ? trans.__('The graph is as it was then.') : '';
  const text = state === 'offline' ? trans.__('The server does not answer; it is asked again by itself. %1', old) : problem;
  return (
    <div className="jp-mlops-banner" role="status">
      <span title={problem}>{text}</span>
      <button type="button" className="jp-mlops-graph-link" onClick={actions.retry}>
        {trans.__('Ask now')}
      </button>
    </div>
  );
}

function NoGraph({ picture, actions, trans }: { picture: IPicture; actions: IGraphActions; trans: TranslationBundle }): React.JSX.Element | null {
  if (picture.state !== 'empty') {
    return picture.state === 'loading' ? <Message title="" text={trans.__('Reading the notebook …')} /> : null;
  }
  return (
    <Message title={trans.__('No steps yet')} text={trans.__('Tag a cell with the step that it belongs to, such as step:load, or have steps proposed from what the cells do.')}>
      <button type="button" className="jp-mlops-graph-action" onClick={actions.propose}>
        {trans.__('Propose steps')}
      </button>
    </Message>
  );
}

function Message({ title, text, children }: { title: string; text: string; children?: React.ReactNode }): React.JSX.Element {
  return (
    <div className="jp-mlops-graph-message" role="status">
      {title && <h2>{title}</h2>}
      <p>{text}</p>
      {children}
    </div>
  );
}

/** The picture of a model, renewed at most once a frame however often the model changes. */
function usePicture(model: GraphModel | null): IPicture | null {
  const [, redraw] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => {
    let frame = 0;
    const changed = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(redraw);
    };
    model?.changed.connect(changed);
    return () => {
      cancelAnimationFrame(frame);
      model?.changed.disconnect(changed);
    };
  }, [model]);
  return model?.picture ?? null;
}
