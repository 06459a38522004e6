/** Keys in the graph → moves. */
import type * as React from 'react';
import type { IPicture } from '../../model/graphmodel';
import type { IPlan } from '../../model/graphplan';
import { firstPlace, nextEdge, walk, type Direction, type Place } from '../../model/graphwalk';
import type { IView } from './useviewport';

/** What keys act on. */
export interface IKeyed {
  plan: IPlan;
  picture: IPicture;
  current: Place | null;
  view: IView;
  go: (place: Place | null) => void;
  open: (place: Place) => void;
  close: () => void;
}

const ARROWS: Record<string, Direction> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' };
const PAN_PIXELS = 60;
const ZOOM = 1.25;

/** The handler of a graph's keys; a key that means nothing here is left to JupyterLab. */
export function graphKeys(on: IKeyed): (event: React.KeyboardEvent) => void {
  return event => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey && act(on, event.key, event.shiftKey)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
}

function act(on: IKeyed, key: string, shift: boolean): boolean {
  const direction = ARROWS[key];
  if (direction) {
    if (shift) {
      panBy(on.view, direction);
    } else {
      on.go(on.current ? walk(on.plan, on.current, direction) : begin(on));
    }
    return true;
  }
  switch (key) {
    case 'Enter':
    case ' ':
      on.open(on.current ?? begin(on) ?? { kind: 'step', name: '' });
      return true;
    case 'e':
    case 'E':
      on.go(on.current && nextEdge(on.plan, on.current));
      return true;
    case 'Home':
      on.go(firstPlace(on.plan));
      return true;
    case '+':
    case '=':
      on.view.zoom(ZOOM);
      return true;
    case '-':
      on.view.zoom(1 / ZOOM);
      return true;
    case '0':
      on.view.fit();
      return true;
    case 'Escape':
      on.close();
      return true;
    default:
      return false;
  }
}

/** Where the keyboard begins: at what is chosen, at the cell that is edited, or at the top. */
function begin({ plan, picture }: IKeyed): Place | null {
  const name = picture.focus.step ?? picture.here;
  return name !== null && plan.nodes.some(({ node }) => node.name === name) ? { kind: 'step', name } : firstPlace(plan);
}

function panBy(view: IView, direction: Direction): void {
  const sideways = direction === 'left' ? PAN_PIXELS : direction === 'right' ? -PAN_PIXELS : 0;
  const along = direction === 'up' ? PAN_PIXELS : direction === 'down' ? -PAN_PIXELS : 0;
  view.by(sideways, along);
}
