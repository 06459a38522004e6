/** Which part of a drawing is seen: a point (x, y) of the drawing stands at (x · scale + left, y · scale + top) of the panel, in pixels. */

export interface IViewport {
  left: number;
  top: number;
  scale: number;
}

export interface ISize {
  width: number;
  height: number;
}

export interface IBox extends ISize {
  x: number;
  y: number;
}

export const SMALLEST_SCALE = 0.08;
export const LARGEST_SCALE = 2.5;
/** Below this nothing small can be read: labels of edges go, names of steps grow. */
export const FAR_SCALE = 0.62;
const READABLE_SCALE = 0.4;
const MARGIN = 16;

/** Zoom so that the point of the panel under the pointer stays where it is. */
export function zoomAt(view: IViewport, point: { x: number; y: number }, factor: number): IViewport {
  const scale = Math.min(LARGEST_SCALE, Math.max(SMALLEST_SCALE, view.scale * factor));
  const ratio = scale / view.scale;
  return { scale, left: point.x - (point.x - view.left) * ratio, top: point.y - (point.y - view.top) * ratio };
}

export function zoomCentre(view: IViewport, panel: ISize, factor: number): IViewport {
  return zoomAt(view, { x: panel.width / 2, y: panel.height / 2 }, factor);
}

/** Show the whole drawing, never enlarged: in the middle, at the top. */
export function fit(drawing: ISize, panel: ISize): IViewport {
  const wide = (panel.width - 2 * MARGIN) / Math.max(1, drawing.width);
  const high = (panel.height - 2 * MARGIN) / Math.max(1, drawing.height);
  return atTop(drawing, panel, Math.max(SMALLEST_SCALE, Math.min(1, wide, high)));
}

/** What is seen first: the whole drawing if its names can be read then, else its beginning. */
export function firstView(drawing: ISize, panel: ISize): IViewport {
  const whole = fit(drawing, panel);
  return whole.scale >= READABLE_SCALE ? whole : atTop(drawing, panel, READABLE_SCALE);
}

/** Move as little as needed to see a box. */
export function reveal(view: IViewport, box: IBox, panel: ISize): IViewport {
  const [x, width] = [box.x * view.scale, box.width * view.scale];
  const [y, height] = [box.y * view.scale, box.height * view.scale];
  return {
    scale: view.scale,
    left: within(view.left, MARGIN - x, panel.width - MARGIN - width - x),
    top: within(view.top, MARGIN - y, panel.height - MARGIN - height - y)
  };
}

/** Move by some pixels, but always keep a part of the drawing in sight. */
export function pan(view: IViewport, x: number, y: number, drawing: ISize, panel: ISize): IViewport {
  const kept = 48;
  return {
    scale: view.scale,
    left: within(view.left + x, kept - drawing.width * view.scale, panel.width - kept),
    top: within(view.top + y, kept - drawing.height * view.scale, panel.height - kept)
  };
}

/** The part of the drawing that is seen, in the drawing's pixels. */
export function seen(view: IViewport, panel: ISize): IBox {
  return { x: -view.left / view.scale, y: -view.top / view.scale, width: panel.width / view.scale, height: panel.height / view.scale };
}

export function overflows(view: IViewport, drawing: ISize, panel: ISize): boolean {
  return drawing.width * view.scale > panel.width || drawing.height * view.scale > panel.height;
}

function atTop(drawing: ISize, panel: ISize, scale: number): IViewport {
  return { scale, left: Math.round((panel.width - drawing.width * scale) / 2), top: MARGIN };
}

function within(value: number, low: number, high: number): number {
  return low > high ? low : Math.min(high, Math.max(low, value));
}
