/** Small pictures in the graph: states of steps, kinds of values. Each is drawn in a square of 12. */
import * as React from 'react';
import type { StepState } from '../../api/generated';

const STATES: Record<StepState, string> = {
  waiting: 'M6 1.5a4.5 4.5 0 100 9 4.5 4.5 0 000-9M6 3.5V6l1.8 1.2',
  running: 'M6 1.5a4.5 4.5 0 104.5 4.5',
  succeeded: 'M2 6.4L4.8 9.2 10 3.2',
  cached: 'M2 3.2c0-2 8-2 8 0v5.6c0 2-8 2-8 0zM2 3.2c0 2 8 2 8 0M2 6c0 2 8 2 8 0',
  resumed: 'M2.5 2v8M5 2.2L10.5 6 5 9.8z',
  failed: 'M2.5 2.5l7 7M9.5 2.5l-7 7',
  skipped: 'M1.5 6h6M5.5 3.5L8 6 5.5 8.5M10.5 2.5v7',
  stopped: 'M3 3h6v6H3z',
  'not run': 'M2.5 6h7'
};

const KINDS: Record<string, string> = {
  Dataset: 'M1.5 2h9v8h-9zM1.5 4.7h9M1.5 7.3h9M5 2v8',
  Model: 'M6 1.2l4.2 2.4v4.8L6 10.8 1.8 8.4V3.6zM1.8 3.6L6 6l4.2-2.4M6 6v4.8',
  Metrics: 'M2 10V6.5M6 10V2M10 10V4.5',
  ClassificationMetrics: 'M1.5 1.5h9v9h-9zM6 1.5v9M1.5 6h9',
  HTML: 'M4 3L1 6l3 3M8 3l3 3-3 3',
  Markdown: 'M3 1.5h4l2.5 2.5v6.5H3zM5 6h3M5 8h3'
};
const OTHER = 'M6 3.2a2.8 2.8 0 100 5.6 2.8 2.8 0 000-5.6';

/** How a step stands; the word beside it says the same. */
export function StateMark({ state, x, y }: { state: StepState; x: number; y: number }): React.JSX.Element {
  return (
    <g className="jp-mlops-graph-stateMark" transform={`translate(${x} ${y})`}>
      <path d={STATES[state]} />
    </g>
  );
}

/** What a value is. */
export function KindMark({ kind, x, y }: { kind: string; x: number; y: number }): React.JSX.Element {
  return <path className="jp-mlops-graph-kindMark" d={KINDS[kind] ?? OTHER} transform={`translate(${x} ${y}) scale(0.8)`} />;
}
