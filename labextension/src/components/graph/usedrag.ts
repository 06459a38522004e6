/** A hand on the graph: it is dragged from anywhere; a press that does not move is a click on what is there; the wheel moves, with Ctrl it zooms. */
import * as React from 'react';
import type { Place } from '../../model/graphwalk';
import { placeOf } from './picture';
import type { IView } from './useviewport';

const STILL_PIXELS = 4;

interface IPress {
  x: number;
  y: number;
  place: Place | null;
  moved: boolean;
}

/** The handlers of the canvas; `onPress` gets what was clicked, null for the ground. */
export function useDrag(view: IView, onPress: (place: Place | null) => void): React.HTMLAttributes<HTMLElement> {
  const press = React.useRef<IPress | null>(null);
  return {
    onPointerDown: event => {
      if (event.button === 0) {
        press.current = { x: event.clientX, y: event.clientY, place: placeOf(event.target as Element), moved: false };
      }
    },
    onPointerMove: event => {
      const { current } = press;
      if (!current || event.buttons % 2 === 0) {
        return;
      }
      const [x, y] = [event.clientX - current.x, event.clientY - current.y];
      if (current.moved || Math.hypot(x, y) > STILL_PIXELS) {
        if (!current.moved) {
          event.currentTarget.setPointerCapture(event.pointerId);
        }
        press.current = { ...current, x: event.clientX, y: event.clientY, moved: true };
        view.by(x, y);
      }
    },
    onPointerUp: () => {
      const { current } = press;
      press.current = null;
      if (current && !current.moved) {
        onPress(current.place);
      }
    }
  };
}

/** React listens to wheels passively, where the page's own zoom cannot be prevented. */
export function useWheel(ref: React.RefObject<HTMLElement>, view: IView): void {
  const latest = React.useRef(view);
  latest.current = view;
  React.useEffect(() => {
    const element = ref.current;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) {
        const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
        latest.current.zoom(Math.exp(-event.deltaY / 300), { x: event.clientX - box.left, y: event.clientY - box.top });
      } else {
        latest.current.by(event.shiftKey ? -event.deltaY : -event.deltaX, event.shiftKey ? 0 : -event.deltaY);
      }
    };
    element?.addEventListener('wheel', wheel, { passive: false });
    return () => element?.removeEventListener('wheel', wheel);
  }, [ref]);
}
