/** At the first cell of a step what it receives, at its last what it hands on. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import type { Crossing } from '../api/generated';
import { CellLines, lineButton, linePiece, type ICellLine } from '../components/celllines';
import { edgeOf, hintsOf, otherEnd, type IHint } from '../model/hints';
import { IPipelines, type IPipeline } from '../tokens';

const PLUGIN = 'jupyter-mlops:hints';
const TOGGLE = 'jupyter-mlops:toggle-hints';
const MOST_VALUES = 6;

/** The hints of one notebook. */
class NotebookHints {
  constructor(
    private readonly _pipeline: IPipeline,
    private readonly _trans: TranslationBundle
  ) {
    this._above = new CellLines(_pipeline.panel, 'above', 'jp-mlops-receives');
    this._below = new CellLines(_pipeline.panel, 'below', 'jp-mlops-handson');
  }

  /** Bring the hints up to date, or take them away. */
  update(shown: boolean): void {
    const hints = hintsOf(shown ? this._pipeline.analysis.view : null);
    const lines = (each: ReadonlyMap<string, IHint>) => new Map([...each].map(([id, hint]) => [id, this._line(hint)]));
    this._above.show(lines(hints.above));
    this._below.show(lines(hints.below));
  }

  private _line(hint: IHint): ICellLine {
    return { key: JSON.stringify(hint), render: () => this._render(hint, MOST_VALUES) };
  }

  private _render(hint: IHint, most: number): (Node | string)[] {
    const word = hint.direction === 'receives' ? this._trans.__('receives') : this._trans.__('hands on');
    const values = hint.values.slice(0, most).flatMap(value => [this._value(hint, value), ' ']);
    const rest = hint.values.length - most;
    const parameters = hint.parameters.length > 0 ? [linePiece('jp-mlops-cellline-parameters', this._trans.__('parameters %1', hint.parameters.join(', ')))] : [];
    return [linePiece('jp-mlops-cellline-word', word), ' ', ...values, ...(rest > 0 ? [this._more(hint, rest)] : []), ...parameters];
  }

  private _value(hint: IHint, value: Crossing): HTMLElement {
    const node = linePiece('jp-mlops-cellline-value', '');
    const others = value.steps.join(', ');
    const where = hint.direction === 'receives' ? this._trans.__('from %1', others) : this._trans.__('to %1', others);
    const title = [value.detail || value.type, hint.direction === 'receives' ? this._trans.__('show where it is made') : this._trans.__('show where it is used')].join(': ');
    node.append(lineButton(value.names.join(', '), title, () => void this._follow(hint, value)), linePiece('jp-mlops-cellline-type', kind(value)), ` ${where}`);
    return node;
  }

  private _more(hint: IHint, rest: number): HTMLElement {
    const button: HTMLElement = lineButton(this._trans.__('+%1 more', rest), this._trans.__('show all'), () => button.parentElement?.replaceChildren(...this._render(hint, Infinity)));
    return button;
  }

  /** Show where a value is made or used, and its edge in the graph. */
  private async _follow(hint: IHint, value: Crossing): Promise<void> {
    const graph = this._pipeline.analysis.view?.graph;
    const edge = graph ? edgeOf(graph, hint, value) : undefined;
    const end = edge && otherEnd(edge, hint, value);
    if (edge) {
      this._pipeline.focus = { edge: { source: edge.source, target: edge.target } };
    }
    if (end) {
      await this._pipeline.reveal(end.cell, end.range);
    }
  }

  private readonly _above: CellLines;
  private readonly _below: CellLines;
}

export const hints: JupyterFrontEndPlugin<void> = {
  id: PLUGIN,
  description: 'Says in the cells what crosses between steps.',
  autoStart: true,
  requires: [IPipelines],
  optional: [ISettingRegistry, ICommandPalette, ITranslator],
  activate: (app: JupyterFrontEnd, pipelines: IPipelines, registry: ISettingRegistry | null, palette: ICommandPalette | null, translator: ITranslator | null): void => {
    const trans = (translator ?? nullTranslator).load('jupyter-mlops');
    const all = new Set<NotebookHints>();
    let shown = true;
    const show = (value: boolean) => {
      shown = value;
      all.forEach(each => each.update(shown));
      app.commands.notifyCommandChanged(TOGGLE);
    };
    const add = (pipeline: IPipeline) =>
      void pipeline.panel.context.ready.then(() => {
        const mine = new NotebookHints(pipeline, trans);
        all.add(mine);
        pipeline.panel.disposed.connect(() => all.delete(mine));
        pipeline.analysis.viewChanged.connect(() => mine.update(shown));
        mine.update(shown);
      });
    pipelines.each(add);
    const loaded = registry?.load(PLUGIN).then(settings => {
      const read = () => show(settings.get('show').composite !== false);
      settings.changed.connect(read);
      read();
      return settings;
    });
    app.commands.addCommand(TOGGLE, {
      label: trans.__('Show What Crosses Between Steps'),
      isToggled: () => shown,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: async () => {
        const settings = await loaded;
        if (settings) {
          await settings.set('show', !shown);
        } else {
          show(!shown);
        }
      }
    });
    palette?.addItem({ command: TOGGLE, category: trans.__('Pipeline') });
  }
};

/** What a value is, as short as it can be said: an artifact without a type of its own is what Python calls it. */
function kind({ type, detail }: Crossing): string {
  return type === 'Artifact' && detail ? (detail.split('.').pop() ?? type) : type;
}
