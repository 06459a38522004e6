/** What part of the graph is seen, as a person moves it; until one does, the whole graph is kept in sight. */
import * as React from 'react';
import type { IPlan } from '../../model/graphplan';
import { firstView, fit, pan, reveal, zoomAt, zoomCentre, type IBox, type ISize, type IViewport } from '../../model/viewport';

/** The view and its moves. `glides`: the last move was ours and may be animated; a hand's is followed at once. */
export interface IView {
  view: IViewport;
  panel: ISize;
  glides: boolean;
  by: (x: number, y: number) => void;
  zoom: (factor: number, point?: { x: number; y: number }) => void;
  fit: () => void;
  reveal: (box: IBox) => void;
  centre: (x: number, y: number) => void;
}

const NO_SIZE: ISize = { width: 0, height: 0 };

interface IState {
  view: IViewport;
  held: boolean;
  glides: boolean;
}

/** Watch the size of the panel and of the plan, and move. */
export function useViewport(ref: React.RefObject<HTMLElement>, plan: IPlan): IView {
  const [panel, setPanel] = React.useState(NO_SIZE);
  const [state, setState] = React.useState<IState>({ view: { left: 0, top: 0, scale: 1 }, held: false, glides: false });
  React.useEffect(() => {
    const element = ref.current;
    if (!element) {
      return;
    }
    const observer = new ResizeObserver(([entry]) => entry && setPanel({ width: entry.contentRect.width, height: entry.contentRect.height }));
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  const drawing = { width: plan.width, height: plan.height };
  React.useLayoutEffect(() => {
    if (panel.width > 0) {
      setState(now => (now.held ? now : { ...now, view: firstView(drawing, panel), glides: true }));
    }
  }, [panel, plan.width, plan.height]);
  const move = (next: (view: IViewport) => IViewport, glides: boolean, held = true) => setState(now => ({ view: next(now.view), held: held || now.held, glides }));
  return {
    ...state,
    panel,
    by: (x, y) => move(view => pan(view, x, y, drawing, panel), false),
    zoom: (factor, point) => move(view => (point ? zoomAt(view, point, factor) : zoomCentre(view, panel, factor)), !point),
    fit: () => setState({ view: fit(drawing, panel), held: false, glides: true }),
    reveal: box => move(view => reveal(view, box, panel), true, false),
    centre: (x, y) => move(view => ({ ...view, left: panel.width / 2 - x * view.scale, top: panel.height / 2 - y * view.scale }), false)
  };
}
