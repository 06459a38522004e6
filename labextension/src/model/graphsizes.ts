/** What values weigh, as text. */

/** What the kernel says of a value: its Python type; its shape or length; its bytes, when they can be told cheaply. */
export interface IMeasure {
  type: string;
  shape: readonly number[] | null;
  bytes: number | null;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];
const THOUSANDS = ['', 'k', 'M', 'G'];

/** `120000000` as `120 MB`. */
export function bytesText(bytes: number): string {
  return scaled(bytes, UNITS, 0);
}

/** `[1000000, 12]` as `1.0 M × 12`. */
export function shapeText(shape: readonly number[]): string {
  return shape.map(countText).join(' × ');
}

/** The size of values that travel together: `120 MB · 1.0 M × 12`; with `short` the bytes alone, where they are known. Empty when nothing is known. */
export function sizeText(measures: readonly (IMeasure | undefined)[], short = false): string {
  const known = measures.filter(measure => measure !== undefined);
  const weighed = known.map(measure => measure.bytes).filter(bytes => bytes !== null);
  const bytes = weighed.length > 0 ? bytesText(weighed.reduce((sum, each) => sum + each, 0)) : '';
  const shape = known.length === 1 && known[0]?.shape?.length ? shapeText(known[0].shape) : '';
  return short ? bytes || shape : [bytes, shape].filter(part => part !== '').join(' · ');
}

function countText(count: number): string {
  return count < 10_000 ? String(count) : scaled(count, THOUSANDS, 1);
}

function scaled(value: number, units: readonly string[], least: number): string {
  let [number, unit] = [value, 0];
  while (number >= 999.5 && unit < units.length - 1) {
    [number, unit] = [number / 1000, unit + 1];
  }
  const digits = unit >= 1 && number < 9.95 ? 1 : unit >= 1 && number < 99.5 ? least : 0;
  return `${number.toFixed(digits)} ${units[unit] ?? ''}`.trim();
}
