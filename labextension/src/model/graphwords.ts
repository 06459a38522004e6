/** Things in the graph → sentences, for whoever hears them instead of seeing them, and for what shows when the pointer rests. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { GraphEdge, Node, Parameter, RunStep, StepState } from '../api/generated';
import { kindOf } from './graphlabels';

/** The word for a state. */
export function stateWord(state: StepState, trans: TranslationBundle): string {
  const words: Record<StepState, string> = {
    waiting: trans.__('waiting'),
    running: trans.__('running'),
    succeeded: trans.__('succeeded'),
    cached: trans.__('cached'),
    resumed: trans.__('resumed'),
    failed: trans.__('failed'),
    skipped: trans.__('skipped'),
    stopped: trans.__('stopped'),
    'not run': trans.__('not run')
  };
  return words[state];
}

/** How long something took: `0.4 s`, `12 s`, `3 min`. */
export function secondsText(seconds: number, trans: TranslationBundle): string {
  if (seconds < 10) {
    return trans.__('%1 s', seconds.toFixed(1));
  }
  return seconds < 100 ? trans.__('%1 s', Math.round(seconds)) : trans.__('%1 min', Math.round(seconds / 60));
}

/** All that there is to say of a step. */
export function stepWords(node: Node, run: RunStep | undefined, trans: TranslationBundle): string {
  return [
    trans.__('Step %1', node.name),
    node.role ?? '',
    run ? stateWord(run.state, trans) : '',
    ...flowWords(node, trans),
    ...node.chips.filter(chip => !FLOW.has(chip.kind)).map(chip => chip.title),
    trans._n('%1 cell', '%1 cells', node.cells.length),
    node.receives.length > 0 ? trans.__('receives %1', node.receives.flatMap(each => each.names).join(', ')) : '',
    node.hands_on.length > 0 ? trans.__('hands on %1', node.hands_on.flatMap(each => each.names).join(', ')) : ''
  ]
    .filter(words => words !== '')
    .join('; ');
}

/** All that there is to say of an edge. */
export function edgeWords(edge: GraphEdge, trans: TranslationBundle): string {
  const from = trans.__('From %1 to %2', edge.source, edge.target);
  const values = edge.values.map(value => `${value.names.join(', ')} (${kindOf(value)})`).join(', ');
  return edge.values.length > 0 ? `${from}: ${values}` : `${from}: ${trans.__('order only, no value crosses')}`;
}

/** All that there is to say of a parameter. */
export function parameterWords({ name, type, default: given, description }: Parameter, trans: TranslationBundle): string {
  const said = given === null ? trans.__('Parameter %1: %2, must be given', name, type) : trans.__('Parameter %1: %2, %3 unless given', name, type, given);
  return description ? `${said}. ${description}` : said;
}

/** The marks that are drawn as control flow, and not among the others. */
export const FLOW: ReadonlySet<string> = new Set(['foreach', 'when', 'on-exit']);

function flowWords(node: Node, trans: TranslationBundle): string[] {
  return [
    node.foreach === null ? '' : trans.__('once for each item of %1', node.foreach),
    node.when === null ? '' : trans.__('only when %1 is true', node.when),
    node.on_exit ? trans.__('at the end, whatever happened') : ''
  ];
}
