/** Finds the pipeline of every notebook that is opened; all other plug-ins start from it. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { Signal, type ISignal } from '@lumino/signaling';
import { Client } from '../api/client';
import { NotebookPipeline } from '../model/notebookpipeline';
import { IPipelines, type IPipeline } from '../tokens';

export const SETTINGS = 'jupyter-mlops:pipelines';
const DELAY_MILLISECONDS = 15;

class Pipelines implements IPipelines {
  constructor(
    private readonly _tracker: INotebookTracker,
    readonly client: Client,
    private readonly _delay: () => number
  ) {
    _tracker.widgetAdded.connect((_, panel) => this._add(panel));
    _tracker.forEach(panel => this._add(panel));
    _tracker.currentChanged.connect(() => this._currentChanged.emit(this.current));
  }

  get current(): IPipeline | null {
    const panel = this._tracker.currentWidget;
    return panel ? this.of(panel) : null;
  }

  get currentChanged(): ISignal<this, IPipeline | null> {
    return this._currentChanged;
  }

  get added(): ISignal<this, IPipeline> {
    return this._added;
  }

  each(use: (pipeline: IPipeline) => void): void {
    this._pipelines.forEach(use);
    this._added.connect((_, pipeline) => use(pipeline));
  }

  of(panel: NotebookPanel): IPipeline | null {
    return this._pipelines.get(panel) ?? null;
  }

  private _add(panel: NotebookPanel): void {
    if (this._pipelines.has(panel)) {
      return;
    }
    const pipeline = new NotebookPipeline(panel, this.client, this._delay);
    this._pipelines.set(panel, pipeline);
    panel.disposed.connect(() => this._pipelines.delete(panel));
    this._added.emit(pipeline);
    if (this._tracker.currentWidget === panel) {
      this._currentChanged.emit(pipeline);
    }
  }

  private readonly _pipelines = new Map<NotebookPanel, NotebookPipeline>();
  private readonly _currentChanged = new Signal<this, IPipeline | null>(this);
  private readonly _added = new Signal<this, IPipeline>(this);
}

export const pipelines: JupyterFrontEndPlugin<IPipelines> = {
  id: SETTINGS,
  description: 'Keeps the pipelines of open notebooks up to date.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ISettingRegistry],
  provides: IPipelines,
  activate: (app: JupyterFrontEnd, tracker: INotebookTracker, registry: ISettingRegistry | null): IPipelines => {
    let delay = DELAY_MILLISECONDS;
    void registry?.load(SETTINGS).then(settings => {
      const read = () => (delay = settings.get('delay').composite as number);
      settings.changed.connect(read);
      read();
    });
    return new Pipelines(tracker, new Client(app.serviceManager.serverSettings), () => delay);
  }
};
