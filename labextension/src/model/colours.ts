/** The colour of a step, from its number in the pipeline: one of eight that differ (style/base.css). */
const HUES = 8;

export function stepColour(number: number): string {
  return `var(--jp-mlops-step-${number % HUES})`;
}
