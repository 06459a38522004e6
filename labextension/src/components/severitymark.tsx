/** How bad a finding is, as a picture: a shape of its own each, so that its colour is not needed. */
import React from 'react';
import type { Severity } from '../model/problems';

const SHAPES: Record<Severity, React.JSX.Element> = {
  error: <path d="M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4" />,
  warning: <path d="M8 2.2L1.8 13.2h12.4zM8 6.4v3.2M8 11.4v.1" />,
  note: <path d="M3 3.5h10v7H8.5L5.5 13v-2.5H3zM5.5 6h5M5.5 8h3.5" />
};

/** The picture; with `label` it says it in words too. */
export function SeverityMark({ severity, label }: { severity: Severity; label?: string }): React.JSX.Element {
  const words = label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true as const };
  return (
    <svg className={`jp-mlops-severity jp-mlops-severity-${severity}`} viewBox="0 0 16 16" {...words}>
      {SHAPES[severity]}
    </svg>
  );
}
