/** The state of a run or step as a picture: a shape of its own each, so that its colour is not needed. */
import React from 'react';
import type { RunState, StepState } from '../../api/generated';

const SHAPES: Record<StepState | RunState, React.JSX.Element> = {
  waiting: <circle cx="8" cy="8" r="5.5" strokeDasharray="2 2.3" />,
  starting: <circle cx="8" cy="8" r="5.5" strokeDasharray="2 2.3" />,
  running: (
    <g className="jp-mlops-spin">
      <circle cx="8" cy="8" r="5.5" opacity=".3" />
      <path d="M8 2.5A5.5 5.5 0 0 1 13.5 8" />
    </g>
  ),
  succeeded: <path d="M3 8.5l3.2 3.2L13 4.8" />,
  equal: <path d="M3.5 6h9M3.5 10h9" />,
  different: <path d="M3.5 6h9M3.5 10h9M10.5 2.8l-5 10.4" />,
  cached: <path d="M8.8 2L4 9h3.4L6.9 14 12 6.8H8.5z" />,
  resumed: <path d="M3 5h6.5a3.5 3.5 0 0 1 0 7H5M5.5 2.5L3 5l2.5 2.5" />,
  failed: <path d="M4 4l8 8M12 4l-8 8" />,
  skipped: <path d="M3 4.5L7 8l-4 3.5M8.5 4.5l4 3.5-4 3.5" />,
  stopped: <rect x="4" y="4" width="8" height="8" rx="1" />,
  interrupted: <rect x="4" y="4" width="8" height="8" rx="1" />,
  'not run': <path d="M4 8h8" />
};

/** A picture without words; what it says stands beside it. */
export function StateMark({ state }: { state: StepState | RunState }): React.JSX.Element {
  return (
    <svg className={`jp-mlops-mark jp-mlops-mark-${state.replace(' ', '-')}`} viewBox="0 0 16 16" aria-hidden="true">
      {SHAPES[state]}
    </svg>
  );
}
