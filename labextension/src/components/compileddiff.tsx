/** What changes in a compiled file against the one that is there: signs beside colours, gaps where lines are the same. */
import React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Compiled, DiffLine } from '../api/generated';

const SIGNS: Record<DiffLine['kind'], string> = { same: ' ', added: '+', removed: '−', gap: '⋯' };

/** In a word: `+3 −1`, or that nothing changes. */
export function changesInWords({ previous, added, removed }: Compiled, trans: TranslationBundle): string {
  if (!previous) {
    return trans.__('there is none yet');
  }
  return added + removed === 0 ? trans.__('nothing changed') : `+${added} −${removed}`;
}

/** The lines that differ. */
export function CompiledDiff({ compiled, trans }: { compiled: Compiled; trans: TranslationBundle }): React.JSX.Element {
  if (!compiled.previous || compiled.diff.length === 0) {
    const text = compiled.previous ? trans.__('Nothing changed: `%1` says the same.', compiled.path) : trans.__('There is no `%1` to compare with yet.', compiled.path);
    return <p className="jp-mlops-empty">{text}</p>;
  }
  return (
    <table className="jp-mlops-diff" aria-label={trans.__('Changes in %1', compiled.path)}>
      <tbody>
        {compiled.diff.map((line, index) => (
          <tr key={index} className={`jp-mlops-diff-${line.kind}`}>
            <td>{line.old}</td>
            <td>{line.new}</td>
            <td aria-label={sign(line, trans)}>{SIGNS[line.kind]}</td>
            <td>
              <pre>{line.text}</pre>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function sign({ kind }: DiffLine, trans: TranslationBundle): string | undefined {
  switch (kind) {
    case 'added':
      return trans.__('added');
    case 'removed':
      return trans.__('removed');
    case 'gap':
      return trans.__('lines that are the same');
    case 'same':
      return undefined;
  }
}
