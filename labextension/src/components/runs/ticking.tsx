/** A time that goes on by itself while something runs, without drawing anything else again. */
import React, { useEffect, useState } from 'react';
import { duration } from '../../model/runswords';

/** `since`: when `seconds` was true, in milliseconds since 1970; null when the time stands. */
export function Ticking({ seconds, since }: { seconds: number; since: number | null }): React.JSX.Element {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (since === null) {
      return;
    }
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [since]);
  const more = since === null ? 0 : Math.max(0, now - since) / 1000;
  return <time className="jp-mlops-time">{duration(since === null ? seconds : Math.max(1, Math.floor(seconds + more)))}</time>;
}
