import { firstView, fit, overflows, pan, reveal, seen, zoomAt } from './viewport';

const PANEL = { width: 600, height: 400 };

test('zooming leaves the point under the pointer where it is', () => {
  const view = zoomAt({ left: 10, top: 20, scale: 0.5 }, { x: 110, y: 70 }, 2);
  expect(view).toEqual({ scale: 1, left: -90, top: -30 });
});

test('there is a smallest and a largest scale', () => {
  expect(zoomAt({ left: 0, top: 0, scale: 1 }, { x: 0, y: 0 }, 1e6).scale).toBe(2.5);
  expect(zoomAt({ left: 0, top: 0, scale: 1 }, { x: 0, y: 0 }, 1e-6).scale).toBe(0.08);
});

test('a drawing that fits is not enlarged, and stands in the middle', () => {
  expect(fit({ width: 200, height: 100 }, PANEL)).toEqual({ scale: 1, left: 200, top: 16 });
});

test('a large drawing is seen whole when it is fitted, and from its readable beginning at first', () => {
  const drawing = { width: 4000, height: 1000 };
  expect(overflows(fit(drawing, PANEL), drawing, PANEL)).toBe(false);
  expect(firstView(drawing, PANEL).scale).toBe(0.4);
  expect(overflows(firstView(drawing, PANEL), drawing, PANEL)).toBe(true);
});

test('what is seen is not moved to be seen', () => {
  const view = { left: 0, top: 0, scale: 1 };
  expect(reveal(view, { x: 100, y: 100, width: 50, height: 50 }, PANEL)).toEqual(view);
  expect(reveal(view, { x: 700, y: 100, width: 50, height: 50 }, PANEL)).toEqual({ left: -166, top: 0, scale: 1 });
});

test('a drawing cannot be lost', () => {
  const view = pan({ left: 0, top: 0, scale: 1 }, -1e6, 1e6, { width: 300, height: 300 }, PANEL);
  expect(view).toEqual({ left: 48 - 300, top: 400 - 48, scale: 1 });
});

test('the part that is seen is told in the pixels of the drawing', () => {
  expect(seen({ left: -100, top: 50, scale: 0.5 }, PANEL)).toEqual({ x: 200, y: -100, width: 1200, height: 800 });
});
