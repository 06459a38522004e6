/** What a step printed: only the lines in sight are in the page, and its end is followed until somebody scrolls away from it. */
import React, { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { spans, type StepLog } from '../../model/runslog';

const LINE_PIXELS = 17;
const MORE_LINES = 20;

export interface ILogProps {
  log: StepLog | undefined;
  /** What is said when nothing was printed. */
  empty: string;
  label: string;
  trans: TranslationBundle;
}

/** The log of one step. */
export function LogView({ log, empty, label, trans }: ILogProps): React.JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(400);
  const [follows, setFollows] = useState(true);
  const count = log?.lines.length ?? 0;
  useEffect(() => {
    const element = frame.current;
    if (!element || typeof ResizeObserver === 'undefined') {
      return;
    }
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, [count > 0]);
  useLayoutEffect(() => {
    if (follows && frame.current) {
      frame.current.scrollTop = count * LINE_PIXELS;
    }
  }, [follows, count, height, log]);
  const scrolled = ({ currentTarget: { scrollTop, clientHeight, scrollHeight } }: React.UIEvent<HTMLDivElement>) => {
    setTop(scrollTop);
    setFollows(scrollTop + clientHeight >= scrollHeight - LINE_PIXELS);
  };
  if (!log || count === 0) {
    return <p className="jp-mlops-empty">{empty}</p>;
  }
  const first = Math.max(0, Math.floor(top / LINE_PIXELS) - MORE_LINES);
  const last = Math.min(count, Math.ceil((top + height) / LINE_PIXELS) + MORE_LINES);
  return (
    <div className="jp-mlops-log">
      {log.isCut && <p className="jp-mlops-note">{trans.__('Only the end of the log is shown')}</p>}
      {log.dropped > 0 && !log.isCut && <p className="jp-mlops-note">{trans.__('%1 earlier lines are not kept here', log.dropped)}</p>}
      <div ref={frame} className="jp-mlops-log-frame" role="log" aria-live="off" aria-label={label} tabIndex={0} onScroll={scrolled}>
        <div className="jp-mlops-log-lines" style={{ height: count * LINE_PIXELS }}>
          <pre style={{ transform: `translateY(${first * LINE_PIXELS}px)` }}>
            {log.lines.slice(first, last).map((line, index) => (
              <Line key={log.dropped + first + index} line={line} />
            ))}
          </pre>
        </div>
      </div>
      {!follows && (
        <button className="jp-mlops-button jp-mlops-log-end" onClick={() => setFollows(true)}>
          {trans.__('Follow the end')} ↓
        </button>
      )}
    </div>
  );
}

const Line = React.memo(function Line({ line }: { line: string }): React.JSX.Element {
  return (
    <div>
      {spans(line).map(({ text, classes }, index) =>
        classes ? (
          <span key={index} className={classes}>
            {text}
          </span>
        ) : (
          text
        )
      )}
    </div>
  );
});
