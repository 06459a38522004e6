/** The commands that run a notebook as a pipeline, and its button in the toolbar. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, IToolbarWidgetRegistry, Notification } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { Menu } from '@lumino/widgets';
import { ApiError } from '../api/client';
import type { StartRequest } from '../api/generated';
import { runIcon } from '../components/icons';
import { RunButton } from '../components/runs/runbutton';
import { changedParameters, canResume } from '../model/runs';
import { IRunsBook, type RunsBook } from '../model/runsbook';
import { reasonNotToRun } from '../model/runsreason';
import { IPipelines, type IPipeline } from '../tokens';
import { RunAsking } from './runasking';
import { SHOW_RUNS } from './runs';

type Kind = StartRequest['kind'];

const MENU = ['jupyter-mlops:run-with-parameters', 'jupyter-mlops:verify', 'jupyter-mlops:submit', '', 'jupyter-mlops:resume', SHOW_RUNS, '', 'jupyter-mlops:compile', 'jupyter-mlops:export'];

export const runCommands: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:run-commands',
  description: 'Runs notebooks as pipelines: here, as a verification, or on Kubeflow.',
  autoStart: true,
  requires: [IPipelines, IRunsBook],
  optional: [ITranslator, ICommandPalette, IToolbarWidgetRegistry, ISettingRegistry, IStateDB],
  activate: (
    app: JupyterFrontEnd,
    pipelines: IPipelines,
    book: RunsBook,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    toolbars: IToolbarWidgetRegistry | null,
    registry: ISettingRegistry | null,
    state: IStateDB | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyter-mlops');
    const asking = new RunAsking(registry, state, trans);
    const commands = new RunCommands(app, pipelines, book, asking, trans);
    for (const command of commands.add()) {
      palette?.addItem({ command, category: trans.__('Pipeline') });
    }
    toolbars?.addFactory<NotebookPanel>('Notebook', 'jupyter-mlops-run', panel => commands.button(panel));
  }
};

class RunCommands {
  constructor(
    private readonly _app: JupyterFrontEnd,
    private readonly _pipelines: IPipelines,
    private readonly _book: RunsBook,
    private readonly _asking: RunAsking,
    private readonly _trans: TranslationBundle
  ) {
    const watch = (pipeline: IPipeline) => {
      pipeline.analysis.viewChanged.connect(this._changed, this);
      pipeline.analysis.stateChanged.connect(this._changed, this);
      _book.of(pipeline).changed.connect(this._changed, this);
    };
    _pipelines.each(watch);
    _pipelines.currentChanged.connect(this._changed, this);
  }

  /** Add the commands; gives their names. */
  add(): string[] {
    const trans = this._trans;
    this._addStart('run', trans.__('Run Pipeline'), trans.__('Run the notebook here, each step in a process of its own'), args => this._run(args));
    this._addStart('run-with-parameters', trans.__('Run Pipeline with Parameters…'), trans.__('Choose where it runs and with which parameters'), () => this._ask('local'));
    this._addStart('verify', trans.__('Verify Pipeline'), trans.__('Run the notebook whole and step by step, and compare what both give'), () => this._start('verify', {}));
    this._addStart('submit', trans.__('Submit to Kubeflow…'), trans.__('Run the pipeline on a cluster'), () => this._ask('kubeflow'));
    this._addEnd('stop', trans.__('Stop Run'), trans.__('no run goes on'), () => this._runs?.alive?.id, id => this._runs?.stop(id));
    this._addEnd('resume', trans.__('Resume Run'), trans.__('no run has failed or was stopped'), () => this._resumable, id => this._resume(id));
    return this._names;
  }

  /** The item of a notebook's toolbar. */
  button(panel: NotebookPanel): RunButton {
    const { commands } = this._app;
    const button = new RunButton({
      onRun: () => void commands.execute('jupyter-mlops:run'),
      onStop: id => void commands.execute('jupyter-mlops:stop', { id }),
      menu: () => this._menu(),
      trans: this._trans
    });
    const adopt = (pipeline: IPipeline) => button.belongsTo(pipeline, this._book.of(pipeline));
    const pipeline = this._pipelines.of(panel);
    if (pipeline) {
      adopt(pipeline);
      return button;
    }
    const added = (_: IPipelines, pipeline: IPipeline) => {
      if (pipeline.panel === panel) {
        this._pipelines.added.disconnect(added);
        adopt(pipeline);
      }
    };
    this._pipelines.added.connect(added);
    button.disposed.connect(() => this._pipelines.added.disconnect(added));
    return button;
  }

  private _menu(): Menu {
    const menu = new Menu({ commands: this._app.commands });
    for (const command of MENU) {
      menu.addItem(command ? { command } : { type: 'separator' });
    }
    menu.aboutToClose.connect(() => requestAnimationFrame(() => menu.dispose()));
    return menu;
  }

  private _addStart(name: string, label: string, caption: string, execute: (args: Record<string, unknown>) => Promise<void>): void {
    this._add(name, label, caption, () => reasonNotToRun(this._pipelines.current, this._trans), execute);
  }

  private _addEnd(name: string, label: string, missing: string, which: () => string | undefined, execute: (id: string) => Promise<unknown> | undefined): void {
    const of = (args: Record<string, unknown>) => (typeof args['id'] === 'string' ? args['id'] : which());
    this._add(name, label, label, args => (of(args) === undefined ? missing : ''), async args => {
      const id = of(args);
      await (id === undefined ? undefined : execute(id));
    });
  }

  private _add(name: string, label: string, caption: string, reason: (args: Record<string, unknown>) => string, execute: (args: Record<string, unknown>) => Promise<void>): void {
    const id = `jupyter-mlops:${name}`;
    this._names.push(id);
    this._app.commands.addCommand(id, {
      label,
      caption: args => {
        const why = reason(args);
        return why ? `${caption} (${why})` : caption;
      },
      isEnabled: args => reason(args) === '',
      describedBy: { args: { type: 'object', properties: { id: { type: 'string' }, kind: { type: 'string' }, parameters: { type: 'object' } } } },
      ...(name === 'run' ? { icon: runIcon } : {}),
      execute: args => execute(args).catch((error: unknown) => this._say(error))
    });
  }

  /** Run as the command's arguments say, or with the defaults; a parameter without one is asked for. */
  private async _run({ kind = 'local', parameters }: Record<string, unknown>): Promise<void> {
    const known = this._pipelines.current?.analysis.view?.graph?.parameters ?? [];
    if (parameters === undefined && known.some(parameter => parameter.default === null)) {
      return this._ask('local');
    }
    const names = new Set(known.map(({ name }) => name));
    const values = changedParameters((parameters ?? {}) as Record<string, unknown>, known).filter(([name]) => names.has(name));
    await (kind === 'kubeflow' ? this._ask('kubeflow', Object.fromEntries(values)) : this._start(kind as Kind, { parameters: Object.fromEntries(values) }));
  }

  private async _ask(kind: Kind, values?: Record<string, unknown>): Promise<void> {
    const pipeline = this._pipelines.current;
    const asked = pipeline && (await this._asking.ask(pipeline, kind, values));
    if (asked) {
      await this._start(asked.kind, asked);
    }
  }

  private async _start(kind: Kind, words: Partial<StartRequest>): Promise<void> {
    const pipeline = this._pipelines.current;
    if (!pipeline) {
      return;
    }
    const { context } = pipeline.panel;
    await pipeline.save();
    await this._book.of(pipeline).start({ parameters: {}, ...words, path: context.localPath, kind });
    await this._app.commands.execute(SHOW_RUNS);
  }

  private async _resume(id: string): Promise<void> {
    await this._pipelines.current?.save();
    await this._runs?.resume(id);
    await this._app.commands.execute(SHOW_RUNS);
  }

  private get _runs() {
    const pipeline = this._pipelines.current;
    return pipeline ? this._book.of(pipeline) : null;
  }

  /** The shown run, or the newest, when it can be gone on with. */
  private get _resumable(): string | undefined {
    const runs = this._runs;
    const run = runs?.shown?.run?.summary ?? runs?.list[0];
    return run && canResume(run) ? run.id : undefined;
  }

  private _changed(): void {
    if (this._waiting) {
      return;
    }
    this._waiting = true;
    requestAnimationFrame(() => {
      this._waiting = false;
      this._names.forEach(name => this._app.commands.notifyCommandChanged(name));
    });
  }

  private _say(error: unknown): void {
    const hint = error instanceof ApiError && error.hint ? ` – ${error.hint}` : '';
    Notification.error((error instanceof Error ? error.message : String(error)) + hint, { autoClose: 10_000 });
  }

  private readonly _names: string[] = [];
  private _waiting = false;
}
