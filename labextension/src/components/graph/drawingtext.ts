/** The drawing on the screen → the text of an SVG file that needs nothing: every style and colour is written where it is used. */
import type { ISize } from '../../model/viewport';

const PROPERTIES = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'opacity', 'font-family', 'font-size', 'font-weight', 'font-style', 'text-anchor'];
const UNSEEN = '.jp-mlops-graph-far, .jp-mlops-graph-reach';
const MARGIN = 16;

/** Write the drawing at its own size, whatever part of it is seen. */
export function drawingText(drawing: SVGSVGElement, plan: ISize, title: string): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const far = drawing.dataset['far'] ?? 'false';
  drawing.dataset['far'] = 'false'; // an export is looked at from near
  inline(drawing, copy);
  const ground = getComputedStyle(drawing).backgroundColor;
  drawing.dataset['far'] = far;
  copy.querySelectorAll(UNSEEN).forEach(each => each.remove());
  const [width, height] = [Math.ceil(plan.width + 2 * MARGIN), Math.ceil(plan.height + 2 * MARGIN)];
  set(copy, { xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `${-MARGIN} ${-MARGIN} ${width} ${height}`, role: 'img', 'aria-label': title });
  copy.prepend(element('rect', { x: -MARGIN, y: -MARGIN, width, height, fill: ground }));
  copy.prepend(Object.assign(element('title', {}), { textContent: title }));
  copy.querySelector('.jp-mlops-graph-world')?.removeAttribute('transform');
  clean(copy);
  return `${new XMLSerializer().serializeToString(copy)}\n`;
}

/** Write what the style sheets say of an element, and of all in it, into its copy. */
function inline(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  const moved = (from as SVGElement).style.transform;
  for (const property of PROPERTIES) {
    const value = style.getPropertyValue(property);
    if (value !== '' && value !== style.getPropertyValue('initial')) {
      to.setAttribute(property, value);
    }
  }
  to.removeAttribute('style');
  const place = /translate\(([-\d.]+)px, ([-\d.]+)px\)/.exec(moved);
  if (place) {
    to.setAttribute('transform', `translate(${place[1] ?? ''} ${place[2] ?? ''})`);
  }
  for (let index = 0; index < from.children.length; index++) {
    const [original, copied] = [from.children[index], to.children[index]];
    if (original && copied) {
      inline(original, copied);
    }
  }
}

/** Take away what only the panel needs. */
function clean(copy: SVGSVGElement): void {
  for (const each of [copy, ...copy.querySelectorAll('*')]) {
    for (const name of ['class', 'id', 'aria-hidden', 'aria-pressed', ...Object.keys((each as SVGElement).dataset).map(key => `data-${key}`)]) {
      each.removeAttribute(name);
    }
    if (each !== copy) {
      each.removeAttribute('role');
      each.removeAttribute('aria-label');
    }
  }
}

function element(name: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  set(made, attributes);
  return made;
}

function set(on: Element, attributes: Record<string, string | number>): void {
  Object.entries(attributes).forEach(([name, value]) => on.setAttribute(name, String(value)));
}
