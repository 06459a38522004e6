/** Text → text that fits a width. Widths are told from the characters, not measured: no layout is forced, and every browser draws the same graph. */

const NARROW = /[iljI.,:;'|!ft()[\]\- ]/;
const WIDE = /[mwMW@%]/;
const CODE_RATIO = 0.602;

/** The width of text in the code font, in pixels, at a font size of `size` pixels. */
export function codeWidth(text: string, size: number): number {
  let width = 0;
  for (const character of text) {
    width += character > '\u2e7f' ? 1 : CODE_RATIO;
  }
  return width * size;
}

/** About the width of text in the interface's font, in pixels; rather too wide than too narrow. */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const character of text) {
    width += ratio(character);
  }
  return width * size;
}

function ratio(character: string): number {
  if (character > '\u2e7f') {
    return 1;
  }
  if (NARROW.test(character)) {
    return 0.34;
  }
  return WIDE.test(character) ? 0.95 : character >= 'A' && character <= 'Z' ? 0.72 : 0.61;
}

/** Cut text to a width, with an ellipsis where something is gone. */
export function cut(text: string, pixels: number, measure: (text: string) => number): string {
  if (measure(text) <= pixels) {
    return text;
  }
  const characters = Array.from(text);
  while (characters.length > 1 && measure(`${characters.join('')}…`) > pixels) {
    characters.pop();
  }
  return `${characters.join('')}…`;
}

/** Write as many of some names as fit a width, and how many more there are. */
export function cutNames(names: readonly string[], pixels: number, measure: (text: string) => number): string {
  for (let count = names.length; count > 0; count--) {
    const rest = names.length - count;
    const text = names.slice(0, count).join(', ') + (rest > 0 ? ` +${rest}` : '');
    if (measure(text) <= pixels) {
      return text;
    }
  }
  const rest = names.length > 1 ? ` +${names.length - 1}` : '';
  return cut(names[0] ?? '', pixels - measure(rest), measure) + rest;
}

/** Break a name into at most two lines, at an underscore, hyphen or dot where there is one near the middle. */
export function twoLines(name: string, pixels: number, measure: (text: string) => number): string[] {
  if (measure(name) <= pixels) {
    return [name];
  }
  const breaks = [...name.matchAll(/[_\-. ]+(?=.)/g)].map(found => found.index + found[0].length);
  const middle = name.length / 2;
  const at = breaks.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0] ?? Math.ceil(middle);
  return [cut(name.slice(0, at), pixels, measure), cut(name.slice(at), pixels, measure)];
}
