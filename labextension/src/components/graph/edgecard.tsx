/** What crosses between two steps: each value, what it is, where it is made and used, who else uses it. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { EdgeValue, GraphEdge, Use } from '../../api/generated';
import { kindOf } from '../../model/graphlabels';

/** What the card says, and what its links do. */
export interface IEdgeCard {
  edge: GraphEdge;
  /** Where it covers the edge least. */
  atTop: boolean;
  sizesOf: (value: EdgeValue) => { name: string; size: string }[];
  numberOf: (cell: string) => number | null;
  onUse: (use: Use) => void;
  onStep: (name: string) => void;
  onValue: (value: EdgeValue | null) => void;
  onClose: () => void;
  trans: TranslationBundle;
}

/** The card of an edge. It takes the keyboard when it opens; Escape gives it back. */
export function EdgeCard(props: IEdgeCard): React.JSX.Element {
  const { edge, onClose, trans } = props;
  const close = React.useRef<HTMLButtonElement>(null);
  React.useEffect(() => close.current?.focus({ preventScroll: true }), [edge.source, edge.target]);
  const keys = (event: React.KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.preventDefault();
      onClose();
    }
    event.stopPropagation();
  };
  return (
    <section className="jp-mlops-graph-card" data-top={props.atTop} role="dialog" aria-label={trans.__('From %1 to %2', edge.source, edge.target)} onKeyDown={keys}>
      <header>
        <Step name={edge.source} {...props} /> <span aria-hidden="true">→</span> <Step name={edge.target} {...props} />
        <button ref={close} type="button" className="jp-mlops-graph-button" title={trans.__('Close')} aria-label={trans.__('Close')} onClick={onClose}>
          ×
        </button>
      </header>
      {edge.values.length === 0 && <p>{trans.__('No value crosses: %1 only waits for %2.', edge.target, edge.source)}</p>}
      {edge.values.map(value => (
        <Value key={value.names.join()} value={value} {...props} />
      ))}
    </section>
  );
}

function Value({ value, ...props }: IEdgeCard & { value: EdgeValue }): React.JSX.Element {
  const { trans, onValue } = props;
  const sizes = props.sizesOf(value);
  return (
    <article onPointerEnter={() => onValue(value)} onPointerLeave={() => onValue(null)} onFocus={() => onValue(value)} onBlur={() => onValue(null)}>
      <h3>
        <code>{value.names.join(', ')}</code> <span>{kindOf(value)}</span>
      </h3>
      {value.detail && value.detail !== kindOf(value) && <p className="jp-mlops-graph-detail">{value.detail}</p>}
      {sizes.length > 0 && <p className="jp-mlops-graph-size">{sizes.map(({ name, size }) => (value.names.length > 1 ? `${name}: ${size}` : size)).join('; ')}</p>}
      <dl>
        <Places title={trans.__('Made')} uses={value.made} {...props} />
        <Places title={trans.__('Used')} uses={value.used} {...props} />
        {value.also.length > 0 && (
          <>
            <dt>{trans.__('Also used by')}</dt>
            <dd>
              {value.also.map(name => (
                <Step key={name} name={name} {...props} />
              ))}
            </dd>
          </>
        )}
      </dl>
    </article>
  );
}

function Places({ title, uses, numberOf, onUse, trans }: IEdgeCard & { title: string; uses: readonly Use[] }): React.JSX.Element | null {
  const known = uses.map(use => ({ use, number: numberOf(use.cell) })).filter(({ number }) => number !== null);
  return known.length === 0 ? null : (
    <>
      <dt>{title}</dt>
      <dd>
        {known.map(({ use, number }, index) => (
          <button key={index} type="button" className="jp-mlops-graph-link" data-cell={use.cell} onClick={() => onUse(use)}>
            {use.range ? trans.__('cell %1, line %2', number, use.range.start.line) : trans.__('cell %1', number)}
          </button>
        ))}
      </dd>
    </>
  );
}

function Step({ name, onStep }: IEdgeCard & { name: string }): React.JSX.Element {
  return (
    <button type="button" className="jp-mlops-graph-link" onClick={() => onStep(name)}>
      {name}
    </button>
  );
}
