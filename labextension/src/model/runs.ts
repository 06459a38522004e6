/** What a run's states mean: which are over, which is the worst, and how a step that is fanned out stands as one. */
import type { Parameter, Run, RunState, RunStep, RunSummary, StepState } from '../api/generated';

/** The state that says most about a group comes first. */
const WORST: readonly StepState[] = ['failed', 'stopped', 'running', 'waiting', 'not run', 'skipped', 'succeeded', 'resumed', 'cached'];
const DONE: ReadonlySet<StepState> = new Set(['succeeded', 'cached', 'resumed', 'skipped']);

/** Whether nothing more happens to a run in this state. */
export function isOver(state: RunState): boolean {
  return state !== 'starting' && state !== 'running';
}

/** Whether nothing more happens to a step in this state, unless its run is gone on with. */
export function isStepOver(state: StepState): boolean {
  return state !== 'waiting' && state !== 'running';
}

/** Whether a step in this state gives what steps below it need. */
export function isStepDone(state: StepState): boolean {
  return DONE.has(state);
}

/** The steps of a run by name; the items of a fan-out become one step in the worst of their states. */
export function foldSteps(steps: readonly RunStep[]): Map<string, RunStep> {
  const groups = new Map<string, RunStep[]>();
  for (const step of steps) {
    groups.set(step.step, [...(groups.get(step.step) ?? []), step]);
  }
  return new Map([...groups].map(([name, items]) => [name, items.length === 1 && items[0]?.item === null ? items[0] : folded(name, items)]));
}

function folded(name: string, items: readonly RunStep[]): RunStep {
  const worst = items.reduce((a, b) => (WORST.indexOf(b.state) < WORST.indexOf(a.state) ? b : a));
  // An item that waits while others have ended well is a step that goes on.
  const begun = worst.state === 'waiting' && items.some(item => isStepOver(item.state));
  return {
    ...worst,
    label: name,
    item: null,
    state: begun ? 'running' : worst.state,
    seconds: Math.max(...items.map(item => item.seconds)),
    attempts: Math.max(...items.map(item => item.attempts)),
    artifacts: items.flatMap(item => item.artifacts),
    page: items.some(item => item.page)
  };
}

/** Whether a run can be asked to end. */
export function canStop({ alive, state, kind }: RunSummary): boolean {
  return !isOver(state) && (alive || kind === 'kubeflow');
}

/** Whether a run can be gone on with: from its failed step, or (on a cluster) by following it again. */
export function canResume({ alive, state, kind }: RunSummary): boolean {
  return !alive && (state === 'failed' || state === 'interrupted' || (kind === 'kubeflow' && !isOver(state))) && kind !== 'verify';
}

/** The step that a person wants to see first: the one that failed, else the one that runs, else the last that did something. */
export function telling(run: Run): RunStep | undefined {
  const find = (...states: StepState[]) => run.steps.find(step => states.includes(step.state));
  return find('failed') ?? find('running') ?? find('stopped') ?? [...run.steps].reverse().find(step => step.attempts > 0) ?? run.steps[0];
}

/** The parameters of a run that are not what the notebook would give; all of them when the notebook cannot be told. */
export function changedParameters(values: Readonly<Record<string, unknown>>, parameters: readonly Parameter[] | undefined): [string, unknown][] {
  const defaults = new Map(parameters?.map(parameter => [parameter.name, parameter.default]));
  return Object.entries(values).filter(([name, value]) => {
    const standard = defaults.get(name);
    return standard === undefined || standard === null || JSON.stringify(JSON.parse(standard)) !== JSON.stringify(value);
  });
}
