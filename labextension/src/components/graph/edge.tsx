/** An edge in the graph, and a parameter: what flows. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { stepColour } from '../../model/colours';
import { LABEL_HEIGHT, kindOf } from '../../model/graphlabels';
import { shortDefault, type IPlacedEdge, type IPlacedParameter } from '../../model/graphplan';
import { edgeWords, parameterWords } from '../../model/graphwords';
import { textWidth } from '../../model/graphtext';
import { KindMark } from './marks';

/** What an edge is drawn from. */
export interface IEdgeShape {
  id: string;
  placed: IPlacedEdge;
  colour: number;
  selected: boolean;
  current: boolean;
  dim: boolean;
  trans: TranslationBundle;
}

/** The line of an edge. Lines are below all steps, labels above them. */
export const EdgeLine = React.memo(function EdgeLine({ placed, colour, selected, current, dim }: IEdgeShape) {
  const { x, y } = placed.end;
  return (
    <g className={classes('jp-mlops-graph-edge', selected, current, dim)} data-edge={placed.key} data-kind={placed.edge.kind} style={hue(colour)} aria-hidden="true">
      <path className="jp-mlops-graph-reach" d={placed.path} />
      <path className="jp-mlops-graph-line" d={placed.path} />
      <path className="jp-mlops-graph-arrow" d={`M${x - 4},${y - 6}L${x + 4},${y - 6}L${x},${y + 1}z`} />
    </g>
  );
});

/** The label of an edge: what crosses. An edge without one can still be reached by keys. */
export const EdgeLabel = React.memo(function EdgeLabel({ id, placed, colour, selected, current, dim, trans }: IEdgeShape) {
  const { label, edge, key, end } = placed;
  const words = edgeWords(edge, trans);
  if (label === null) {
    return <g id={id} role="button" aria-label={words} transform={`translate(${end.x} ${end.y - 20})`} />;
  }
  const kinds = new Set(edge.values.map(value => value.type));
  const kind = kinds.size === 1 && edge.values[0] ? edge.values[0].type : 'various';
  return (
    <g
      id={id}
      role="button"
      aria-label={words}
      className={classes('jp-mlops-graph-label', selected, current, dim)}
      data-edge={key}
      style={{ ...hue(colour), transform: `translate(${label.x - label.width / 2}px, ${label.y}px)` }}
    >
      <title>{`${words}${edge.values.length > 0 ? `\n${edge.values.map(value => value.detail || kindOf(value)).join(', ')}` : ''}`}</title>
      <rect width={label.width} height={LABEL_HEIGHT} rx={4} />
      <text className="jp-mlops-graph-names" x={8} y={12}>
        {label.names}
      </text>
      <KindMark kind={kind} x={8} y={15} />
      <text className="jp-mlops-graph-kind" x={21} y={23.5}>
        {label.kind}
      </text>
    </g>
  );
});

/** What a parameter is drawn from. */
export interface IParameterShape {
  id: string;
  placed: IPlacedParameter;
  current: boolean;
  dim: boolean;
  trans: TranslationBundle;
}

/** A parameter, in the strip above the graph. */
export const ParameterShape = React.memo(function ParameterShape({ id, placed, current, dim, trans }: IParameterShape) {
  const { parameter, x, y, width, height } = placed;
  const words = parameterWords(parameter, trans);
  return (
    <g
      id={id}
      role="button"
      aria-label={words}
      className={classes('jp-mlops-graph-parameter', false, current, dim)}
      data-parameter={parameter.name}
      style={{ transform: `translate(${x}px, ${y}px)` }}
    >
      <title>{words}</title>
      <rect width={width} height={height} rx={height / 2} />
      <text x={10} y={15}>
        {parameter.name}
      </text>
      {parameter.default !== null && (
        <text className="jp-mlops-graph-default" x={14 + textWidth(parameter.name, 11.5)} y={15}>
          {`= ${shortDefault(parameter.default)}`}
        </text>
      )}
    </g>
  );
});

/** The curve from a parameter to a step that uses it, drawn while the parameter is looked at. */
export function ParameterLine({ from, to }: { from: IPlacedParameter; to: { x: number; y: number; width: number } }): React.JSX.Element {
  const [x, y, tox] = [from.x + from.width / 2, from.y + from.height, to.x + to.width / 2];
  const middle = (y + to.y) / 2;
  return <path className="jp-mlops-graph-given" d={`M${x},${y}C${x},${middle} ${tox},${middle} ${tox},${to.y}`} aria-hidden="true" />;
}

function classes(name: string, selected: boolean, current: boolean, dim: boolean): string {
  return [name, selected && 'jp-mod-selected', current && 'jp-mod-current', dim && 'jp-mod-dim'].filter(Boolean).join(' ');
}

function hue(colour: number): React.CSSProperties {
  return { ['--jp-mlops-colour' as string]: stepColour(colour) };
}
