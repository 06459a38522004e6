/** The whole graph in a corner, and the part of it that is seen; only drawn when there is more than that. */
import * as React from 'react';
import { stepColour } from '../../model/colours';
import type { IPlan } from '../../model/graphplan';
import { seen, type ISize, type IViewport } from '../../model/viewport';

const MOST: ISize = { width: 150, height: 110 };

/** A map that is pressed or dragged to move; keys move the graph itself, so it is hidden from readers. */
export function Minimap({ plan, view, panel, onMove }: { plan: IPlan; view: IViewport; panel: ISize; onMove: (x: number, y: number) => void }): React.JSX.Element {
  const scale = Math.min(MOST.width / plan.width, MOST.height / plan.height);
  const part = seen(view, panel);
  const move = (event: React.PointerEvent<SVGSVGElement>) => {
    if (event.buttons % 2 === 1) {
      const box = event.currentTarget.getBoundingClientRect();
      onMove((event.clientX - box.left) / scale, (event.clientY - box.top) / scale);
    }
  };
  const start = (event: React.PointerEvent<SVGSVGElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    event.stopPropagation();
    move(event);
  };
  return (
    <svg className="jp-mlops-graph-minimap" width={plan.width * scale} height={plan.height * scale} aria-hidden="true" onPointerDown={start} onPointerMove={move}>
      <Blocks plan={plan} scale={scale} />
      <rect className="jp-mlops-graph-seen" x={part.x * scale} y={part.y * scale} width={part.width * scale} height={part.height * scale} rx={2} />
    </svg>
  );
}

const Blocks = React.memo(function Blocks({ plan, scale }: { plan: IPlan; scale: number }) {
  return (
    <>
      {plan.nodes.map(({ node, x, y, width, height }) => (
        <rect key={node.name} x={x * scale} y={y * scale} width={width * scale} height={Math.max(2, height * scale)} fill={stepColour(node.colour)} />
      ))}
    </>
  );
});
