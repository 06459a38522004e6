import { diamond, edge, lattice, node } from './graphfixture';
import { COLUMN, NODE, plan, type IPlan } from './graphplan';
import { reuse } from './graphsharing';

const step = (of: IPlan, name: string) => of.nodes.find(each => each.node.name === name)!;
const route = (of: IPlan, key: string) => of.edges.find(each => each.key === key)!;

/** Points on a path of M, C and L, eight a piece. */
function points(path: string): { x: number; y: number }[] {
  const found: { x: number; y: number }[] = [];
  let [x, y] = [0, 0];
  for (const [, command, rest] of path.matchAll(/([MCL])([^MCL]+)/g)) {
    const n = rest!.trim().split(/[ ,]+/).map(Number);
    const [toX, toY] = [n[n.length - 2]!, n[n.length - 1]!];
    for (let i = command === 'M' ? 8 : 1; i <= 8; i++) {
      const [t, u] = [i / 8, 1 - i / 8];
      const bend = (a: number, b: number, c: number, d: number) => u ** 3 * a + 3 * u * u * t * b + 3 * u * t * t * c + t ** 3 * d;
      found.push(command === 'C' ? { x: bend(x, n[0]!, n[2]!, toX), y: bend(y, n[1]!, n[3]!, toY) } : { x: u * x + t * toX, y: u * y + t * toY });
    }
    [x, y] = [toX, toY];
  }
  return found;
}

test('layers go down, and steps of a layer stand beside each other', () => {
  const placed = plan(diamond());
  expect(step(placed, 'load').y).toBeLessThan(step(placed, 'a').y);
  expect(step(placed, 'a').y).toBe(step(placed, 'b').y);
  expect(step(placed, 'b').x - step(placed, 'a').x).toBe(COLUMN);
});

test('exit handlers stand below all others, under a line', () => {
  const placed = plan(diamond());
  expect(step(placed, 'bye').y).toBeGreaterThan(step(placed, 'join').y + NODE.height);
  expect(placed.exit).toBeGreaterThan(step(placed, 'join').y + NODE.height);
  expect(plan({ ...diamond(), nodes: diamond().nodes.filter(each => !each.on_exit) }).exit).toBeNull();
});

test('no edge runs through a step', () => {
  for (const graph of [diamond(), lattice(60, 6)]) {
    const placed = plan(graph);
    for (const { path, edge: of } of placed.edges) {
      const others = placed.nodes.filter(({ node: { name } }) => name !== of.source && name !== of.target);
      const hit = points(path).filter(({ x, y }) => others.some(box => x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height));
      expect({ edge: `${of.source}→${of.target}`, hit }).toEqual({ edge: `${of.source}→${of.target}`, hit: [] });
    }
  }
});

test('no label covers another, or a step', () => {
  const placed = plan(lattice(60, 6));
  const boxes = placed.edges.flatMap(({ label }) => (label ? [{ x: label.x - label.width / 2, y: label.y, width: label.width, height: 28 }] : []));
  const all = [...boxes, ...placed.nodes];
  const crossing = boxes.filter((a, index) => all.some((b, other) => other !== index && a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height));
  expect(crossing).toEqual([]);
});

test('everything is inside the drawing', () => {
  const placed = plan(lattice(60, 6));
  const xs = placed.edges.flatMap(({ path }) => points(path).map(({ x }) => x));
  expect(Math.min(...xs)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...xs)).toBeLessThanOrEqual(placed.width);
  expect(Math.max(...placed.nodes.map(box => box.y + box.height))).toBeLessThanOrEqual(placed.height);
});

test('an edge ends at the diamond of a condition, above its step', () => {
  const graph = { ...diamond(), nodes: [node('load', 0, 0), node('a', 1, 0, { when: 'good' })], edges: [edge('load', 'a', 'raw')] };
  const placed = plan(graph);
  expect(route(placed, 'load→a').end.y).toBeLessThanOrEqual(step(placed, 'a').y - 18);
});

test('an edge that closes a ring is drawn too', () => {
  const placed = plan({ ...diamond(), edges: [edge('load', 'a', 'raw'), edge('a', 'load', 'back'), edge('a', 'b')] });
  expect(placed.edges.map(({ path }) => path.includes('NaN'))).toEqual([false, false, false]);
});

test('a graph of one step, and one without, have places', () => {
  expect(plan({ ...diamond(), nodes: [node('only', 0, 0)], edges: [] }).nodes[0]).toMatchObject(NODE);
  const none = plan({ ...diamond(), nodes: [], edges: [], parameters: [] });
  expect([none.width, none.height].every(Number.isFinite)).toBe(true);
});

test('parameters stand above the steps, in lines no wider than the graph', () => {
  const parameters = Array.from({ length: 9 }, (_, index) => ({ ...diamond().parameters[0]!, name: `a_long_name_${index}` }));
  const placed = plan({ ...diamond(), parameters });
  const bottom = Math.max(...placed.parameters.map(box => box.y + box.height));
  expect(bottom).toBeLessThan(Math.min(...placed.nodes.map(box => box.y)));
  expect(Math.max(...placed.parameters.map(box => box.x + box.width))).toBeLessThanOrEqual(placed.width);
});

test('what did not change is the same object', () => {
  const before = plan(diamond());
  const changed = diamond();
  changed.nodes[1] = { ...changed.nodes[1]!, chips: [{ kind: 'gpu', text: '1 GPU', title: 'asks for 1 GPU' }] };
  const after = reuse(before, plan(changed));
  expect(after.nodes.map((each, index) => each === before.nodes[index])).toEqual([true, false, true, true, true]);
  expect(after.edges.every((each, index) => each === before.edges[index])).toBe(true);
});
