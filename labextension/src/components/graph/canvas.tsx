/** The graph as it is looked at: moved, zoomed, walked through by keys, lit where the pointer is. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { EdgeValue } from '../../api/generated';
import type { GraphModel, IPicture } from '../../model/graphmodel';
import { edgeKey, type IPlan } from '../../model/graphplan';
import { boxOf, litBy, litByValue, type ILit, type Place } from '../../model/graphwalk';
import { edgeWords, parameterWords, stepWords } from '../../model/graphwords';
import { FAR_SCALE, overflows } from '../../model/viewport';
import { EdgeCard } from './edgecard';
import { graphKeys } from './keys';
import { Minimap } from './minimap';
import { Drawing, placeId, placeOf, same } from './picture';
import { useDrag } from './usedrag';
import type { IView } from './useviewport';

/** What the canvas shows, and how it is seen. */
export interface ICanvas {
  model: GraphModel;
  picture: IPicture;
  plan: IPlan;
  view: IView;
  frame: React.RefObject<HTMLDivElement>;
  prefix: string;
  trans: TranslationBundle;
}

/** The graph and the card of the edge that is open. */
export function Canvas({ model, picture, plan, view, frame, prefix, trans }: ICanvas): React.JSX.Element {
  const [hovered, setHovered] = React.useState<Place | null>(null);
  const [value, setValue] = React.useState<{ source: string; value: EdgeValue } | null>(null);
  const [current, setCurrent] = React.useState<Place | null>(null);
  const [byKeys, setByKeys] = React.useState(false);
  const { focus, graph } = picture;
  const open = (place: Place | null) => choose(model, plan, place);
  const drag = useDrag(view, place => {
    setCurrent(place);
    open(place);
  });
  const looked = hovered ?? (byKeys ? current : null);
  const lit = React.useMemo(() => litNow(picture, value, looked), [graph, value, looked]);
  const drawing = React.useMemo(
    () => <Drawing picture={picture} plan={plan} lit={lit} current={byKeys ? current : null} prefix={prefix} trans={trans} />,
    [plan, lit, current, byKeys, focus, picture.runSteps, picture.here]
  );
  const go = (place: Place | null) => {
    setByKeys(true);
    if (place) {
      setCurrent(place);
      const box = boxOf(plan, place);
      if (box) {
        view.reveal(box);
      }
    }
  };
  const card = focus.edge && plan.edges.find(({ key }) => focus.edge && key === edgeKey(focus.edge));
  const keys = graphKeys({ plan, picture, current, view, go, open, close: () => open(null) });
  const hover = (event: React.PointerEvent) => {
    const place = placeOf(event.target as Element);
    setHovered(now => (same(now, place) ? now : place));
  };
  const { left, top, scale } = view.view;
  return (
    <>
      <div
        ref={frame}
        className="jp-mlops-graph-canvas"
        role="application"
        tabIndex={0}
        aria-label={trans.__('Pipeline %1: arrow keys walk along edges and rows, E from edge to edge, Enter opens, plus, minus and 0 zoom, Shift with arrows moves', graph?.name ?? '')}
        aria-activedescendant={current ? placeId(prefix, current) : undefined}
        onKeyDown={keys}
        onFocus={event => event.target === event.currentTarget && event.target.matches(':focus-visible') && setByKeys(true)}
        onBlur={() => setByKeys(false)}
        {...drag}
        onPointerOver={hover}
        onPointerLeave={() => setHovered(null)}
      >
        <svg className="jp-mlops-graph-drawing" data-far={scale < FAR_SCALE} data-glides={view.glides} width="100%" height="100%">
          <g className="jp-mlops-graph-world" style={{ transform: `translate(${left}px, ${top}px) scale(${scale})` }}>
            {drawing}
          </g>
        </svg>
      </div>
      {overflows(view.view, plan, view.panel) && <Minimap plan={plan} view={view.view} panel={view.panel} onMove={view.centre} />}
      {card && (
        <EdgeCard
          edge={card.edge}
          atTop={(card.label?.y ?? card.end.y) * scale + top > view.panel.height / 2}
          sizesOf={each => model.sizesOf(each)}
          numberOf={cell => model.numberOf(cell)}
          onUse={use => void model.openUse(use)}
          onStep={name => open({ kind: 'step', name })}
          onValue={each => setValue(each && { source: card.edge.source, value: each })}
          onClose={() => {
            setValue(null);
            open(null);
            frame.current?.focus();
          }}
          trans={trans}
        />
      )}
      <div className="jp-mlops-graph-spoken" aria-live="polite">
        {byKeys && current ? spoken(picture, current, trans) : ''}
      </div>
    </>
  );
}

/** Open a thing: the cells of a step, the card of an edge; nothing closes what is open. */
function choose(model: GraphModel, plan: IPlan, place: Place | null): void {
  if (place?.kind === 'step') {
    void model.openStep(place.name);
  } else if (place?.kind === 'edge') {
    const edge = plan.edges.find(({ key }) => key === place.key)?.edge;
    model.pipeline.focus = edge ? { edge: { source: edge.source, target: edge.target } } : {};
  } else if (place === null) {
    model.pipeline.focus = {};
  }
}

function litNow({ graph }: IPicture, value: { source: string; value: EdgeValue } | null, looked: Place | null): ILit | null {
  if (!graph) {
    return null;
  }
  return value ? litByValue(graph, value.source, value.value) : looked && litBy(graph, looked);
}

function spoken({ graph, runSteps }: IPicture, place: Place, trans: TranslationBundle): string {
  if (place.kind === 'step') {
    const node = graph?.nodes.find(each => each.name === place.name);
    return node ? stepWords(node, runSteps.get(place.name), trans) : '';
  }
  if (place.kind === 'edge') {
    const edge = graph?.edges.find(each => edgeKey(each) === place.key);
    return edge ? edgeWords(edge, trans) : '';
  }
  const parameter = graph?.parameters.find(each => each.name === place.name);
  return parameter ? parameterWords(parameter, trans) : '';
}
