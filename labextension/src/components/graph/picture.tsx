/** A plan → the drawing: lines below, then steps, then labels. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IPicture } from '../../model/graphmodel';
import { edgeKey, type IPlacedEdge, type IPlan } from '../../model/graphplan';
import type { ILit, Place } from '../../model/graphwalk';
import { EdgeLabel, EdgeLine, ParameterLine, ParameterShape, type IEdgeShape } from './edge';
import { StepShape } from './step';

/** What is drawn, and what of it is looked at. */
export interface IDrawing {
  picture: IPicture;
  plan: IPlan;
  lit: ILit | null;
  current: Place | null;
  prefix: string;
  trans: TranslationBundle;
}

/** The drawing, in its own pixels. */
export function Drawing({ picture, plan, lit, current, prefix, trans }: IDrawing): React.JSX.Element {
  const { focus, runSteps, here } = picture;
  const colours = new Map(plan.nodes.map(({ node }) => [node.name, node.colour]));
  const chosen = focus.edge ? edgeKey(focus.edge) : null;
  const edge = (placed: IPlacedEdge): IEdgeShape => ({
    id: placeId(prefix, { kind: 'edge', key: placed.key }),
    placed,
    colour: colours.get(placed.edge.source) ?? 0,
    selected: placed.key === chosen,
    current: current?.kind === 'edge' && current.key === placed.key,
    dim: lit !== null && !lit.edges.has(placed.key),
    trans
  });
  return (
    <>
      <Exit plan={plan} trans={trans} />
      {plan.edges.map(placed => (
        <EdgeLine key={placed.key} {...edge(placed)} />
      ))}
      <Given plan={plan} lit={lit} />
      {plan.parameters.map(placed => {
        const place: Place = { kind: 'parameter', name: placed.parameter.name };
        const dim = lit !== null && !lit.parameters.has(place.name);
        return <ParameterShape key={place.name} id={placeId(prefix, place)} placed={placed} current={same(current, place)} dim={dim} trans={trans} />;
      })}
      {plan.nodes.map(placed => {
        const { name } = placed.node;
        const place: Place = { kind: 'step', name };
        return (
          <StepShape
            key={name}
            id={placeId(prefix, place)}
            placed={placed}
            run={runSteps.get(name)}
            selected={focus.step === name}
            here={here === name}
            current={same(current, place)}
            dim={lit !== null && !lit.steps.has(name)}
            trans={trans}
          />
        );
      })}
      {plan.edges.map(placed => (
        <EdgeLabel key={placed.key} {...edge(placed)} />
      ))}
    </>
  );
}

/** The id of a thing's element. */
export function placeId(prefix: string, place: Place): string {
  const name = place.kind === 'edge' ? place.key : place.name;
  return `${prefix}-${place.kind}-${name.replace(/[^\w-]/g, each => `.${each.codePointAt(0) ?? 0}.`)}`;
}

/** The thing that an element is a part of. */
export function placeOf(element: Element): Place | null {
  const found = element.closest<SVGElement>('[data-step], [data-edge], [data-parameter]');
  const { step, edge, parameter } = found?.dataset ?? {};
  if (step !== undefined) {
    return { kind: 'step', name: step };
  }
  return edge !== undefined ? { kind: 'edge', key: edge } : parameter !== undefined ? { kind: 'parameter', name: parameter } : null;
}

/** Whether both are the same thing. */
export function same(a: Place | null, b: Place | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function Exit({ plan, trans }: { plan: IPlan; trans: TranslationBundle }): React.JSX.Element | null {
  return plan.exit === null ? null : (
    <g className="jp-mlops-graph-exit" style={{ transform: `translate(0px, ${plan.exit}px)` }}>
      <path d={`M0,0H${plan.width}`} />
      <text x={0} y={15}>
        {trans.__('At the end, whatever happened')}
      </text>
    </g>
  );
}

function Given({ plan, lit }: { plan: IPlan; lit: ILit | null }): React.JSX.Element {
  const from = plan.parameters.filter(({ parameter }) => lit?.parameters.has(parameter.name));
  const lines = from.flatMap(parameter =>
    plan.nodes
      .filter(({ node }) => lit?.steps.has(node.name) && node.parameters.includes(parameter.parameter.name))
      .map(node => <ParameterLine key={`${parameter.parameter.name}→${node.node.name}`} from={parameter} to={node} />)
  );
  return <>{lines}</>;
}
