/** What a kernel says of values → as much of it as a label has room for. */

/** What the kernel says of a value: its type, and its size in words: `1,000,000 × 12, 96 MB`. */
export interface IMeasure {
  type: string;
  size: string;
}

/** What a kernel says of names. */
export type Measured = ReadonlyMap<string, IMeasure>;

const LARGE_COUNT = /\d{1,3}(,\d{3})+/g;
const THOUSANDS = ['', 'k', 'M', 'G', 'T'];

/** `1,000,000 × 12, 96 MB` as `96 MB · 1.0 M × 12`. */
export function shortSize(size: string): string {
  const parts = size.split(', ').map(part => part.replace(LARGE_COUNT, large));
  return parts.reverse().join(' · ');
}

/** The one word that says most about a size: its bytes where they are known. */
export function shortestSize(size: string): string {
  return shortSize(size).split(' · ')[0] ?? '';
}

/** The answer of the kernel as a map; what is no such answer is empty. */
export function readSizes(text: string): Map<string, IMeasure> {
  const answer: unknown = JSON.parse(text);
  const measured = new Map<string, IMeasure>();
  if (typeof answer === 'object' && answer !== null) {
    for (const [name, said] of Object.entries(answer) as [string, Partial<IMeasure>][]) {
      measured.set(name, { type: said.type ?? '', size: said.size ?? '' });
    }
  }
  return measured;
}

function large(text: string): string {
  let [count, unit] = [Number(text.replace(/,/g, '')), 0];
  if (count < 10_000) {
    return text;
  }
  while (count >= 999.5) {
    [count, unit] = [count / 1000, unit + 1];
  }
  return `${count.toFixed(count < 9.95 ? 1 : 0)} ${THOUSANDS[unit] ?? ''}`;
}
