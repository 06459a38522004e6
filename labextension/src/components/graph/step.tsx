/** A step in the graph. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { Chip, RunStep } from '../../api/generated';
import { stepColour } from '../../model/colours';
import { CAPTION, DIAMOND, NODE, type IPlacedNode } from '../../model/graphplan';
import { cut, textWidth, twoLines } from '../../model/graphtext';
import { FLOW, secondsText, stateWord, stepWords } from '../../model/graphwords';
import { roleIcon } from '../icons';
import { StateMark } from './marks';

const NAME_FONT = 13;
const SMALL_FONT = 10.5;
const FAR_FONT = 20;
const BOLD = 1.14;
const LEFT = 14;
const RIGHT = NODE.width - 8;
const BASE = 39;

/** What a step is drawn from. */
export interface IStepShape {
  id: string;
  placed: IPlacedNode;
  run: RunStep | undefined;
  selected: boolean;
  here: boolean;
  current: boolean;
  dim: boolean;
  trans: TranslationBundle;
}

/** A step; drawn again only when something of it changed. */
export const StepShape = React.memo(function StepShape({ id, placed, run, selected, here, current, dim, trans }: IStepShape) {
  const { node, x, y, width, height } = placed;
  const icon = roleIcon(node.role);
  const words = stepWords(node, run, trans);
  const bold = (text: string) => textWidth(text, NAME_FONT * BOLD);
  const classes = ['jp-mlops-graph-step', selected && 'jp-mod-selected', here && 'jp-mod-here', current && 'jp-mod-current', dim && 'jp-mod-dim'];
  return (
    <g
      id={id}
      role="button"
      aria-label={words}
      aria-pressed={selected}
      className={classes.filter(Boolean).join(' ')}
      data-step={node.name}
      data-state={run?.state}
      style={{ transform: `translate(${x}px, ${y}px)`, ['--jp-mlops-colour' as string]: stepColour(node.colour) }}
    >
      <title>{words}</title>
      <Flow placed={placed} trans={trans} />
      <rect className="jp-mlops-graph-box" width={width} height={height} rx={6} />
      <path className="jp-mlops-graph-stripe" d={`M6 0A6 6 0 000 6V${height - 6}A6 6 0 006 ${height}z`} />
      {icon && <g className="jp-mlops-graph-role" transform={`translate(${RIGHT - 16} 7)`} dangerouslySetInnerHTML={{ __html: inside(icon.svgstr) }} />}
      <g className="jp-mlops-graph-near">
        <text className="jp-mlops-graph-name" x={LEFT} y={20}>
          {cut(node.name, RIGHT - LEFT - (icon ? 22 : 0), bold)}
        </text>
        <Marks chips={node.chips.filter(chip => !FLOW.has(chip.kind))} run={run} cells={node.cells.length} trans={trans} />
      </g>
      <FarName name={node.name} hasIcon={icon !== undefined} />
    </g>
  );
}, same);

/** A run's steps are new objects with every answer; they differ when they say something else. */
function same(a: IStepShape, b: IStepShape): boolean {
  return (
    a.placed === b.placed &&
    a.selected === b.selected &&
    a.here === b.here &&
    a.current === b.current &&
    a.dim === b.dim &&
    a.run?.state === b.run?.state &&
    a.run?.seconds === b.run?.seconds
  );
}

/** The name as it is seen from far away. */
function FarName({ name, hasIcon }: { name: string; hasIcon: boolean }): React.JSX.Element {
  const lines = twoLines(name, RIGHT - LEFT - (hasIcon ? 20 : 0), text => textWidth(text, FAR_FONT * BOLD));
  return (
    <text className="jp-mlops-graph-far" x={LEFT} y={lines.length > 1 ? 22 : 33}>
      {lines.map((line, index) => (
        <tspan key={index} x={LEFT} dy={index * 21}>
          {line}
        </tspan>
      ))}
    </text>
  );
}

/** When and how often a step runs: a diamond where edges enter, sheets behind it. */
function Flow({ placed: { node, width, height }, trans }: { placed: IPlacedNode; trans: TranslationBundle }): React.JSX.Element {
  const small = (text: string) => textWidth(text, SMALL_FONT);
  const half = DIAMOND / 2;
  const room = node.when !== null ? width / 2 - half - 8 : width - 8;
  return (
    <>
      {node.foreach !== null && (
        <>
          <rect className="jp-mlops-graph-sheet" x={6} y={-6} width={width} height={height} rx={6} />
          <rect className="jp-mlops-graph-sheet" x={3} y={-3} width={width} height={height} rx={6} />
          <text className="jp-mlops-graph-caption" x={6} y={-CAPTION + 5}>
            {cut(trans.__('for each of %1', node.foreach), room, small)}
          </text>
        </>
      )}
      {node.when !== null && (
        <>
          <path className="jp-mlops-graph-diamond" d={`M${width / 2} ${-DIAMOND}l${half} ${half}l${-half} ${half}l${-half} ${-half}z`} />
          <text className="jp-mlops-graph-caption" x={width / 2 + half + 5} y={-half + 4}>
            {cut(trans.__('when %1', node.when), room, small)}
          </text>
        </>
      )}
    </>
  );
}

/** The second line: how the step stands in the run, then what it asks for, as much as there is room. */
function Marks({ chips, run, cells, trans }: { chips: readonly Chip[]; run: RunStep | undefined; cells: number; trans: TranslationBundle }): React.JSX.Element {
  const small = (text: string) => textWidth(text, SMALL_FONT);
  const seconds = run && run.seconds > 0 ? ` ${secondsText(run.seconds, trans)}` : '';
  const word = run ? stateWord(run.state, trans) + seconds : '';
  const start = run ? LEFT + 16 + small(word) + 8 : LEFT;
  const shown: { text: string; x: number; width: number }[] = [];
  let x = start;
  for (const [index, chip] of chips.entries()) {
    const rest = chips.length - index - 1;
    const width = small(chip.text) + 10;
    if (x + width > RIGHT - (rest > 0 ? 22 : 0)) {
      const more = `+${rest + 1}`;
      shown.push({ text: more, x, width: small(more) + 10 });
      break;
    }
    shown.push({ text: chip.text, x, width });
    x += width + 4;
  }
  return (
    <>
      {run && (
        <g className="jp-mlops-graph-state">
          <StateMark state={run.state} x={LEFT} y={BASE - 9} />
          <text x={LEFT + 16} y={BASE + 1}>
            {word}
          </text>
        </g>
      )}
      {shown.map(chip => (
        <g key={chip.x} className="jp-mlops-graph-chip" transform={`translate(${chip.x} ${BASE - 11})`}>
          <rect width={chip.width} height={16} rx={3} />
          <text x={5} y={11.5}>
            {chip.text}
          </text>
        </g>
      ))}
      {!run && chips.length === 0 && (
        <text className="jp-mlops-graph-quiet" x={LEFT} y={BASE + 1}>
          {trans._n('%1 cell', '%1 cells', cells)}
        </text>
      )}
    </>
  );
}

/** The strokes of an icon without its frame: the graph has its own colours. */
function inside(svg: string): string {
  return /<g[^>]*>(.*)<\/g>/s.exec(svg)?.[1] ?? '';
}
