/** Proposed steps, looked through before anything is written; a notebook without steps is offered them once. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { proposeIcon } from '../components/icons';
import { TagBar, type ITagBar } from '../components/tagbar';
import { Dismissals } from '../model/dismissals';
import { isInviting } from '../model/invitation';
import { IPreviews, Preview } from '../model/preview';
import { snapshot } from '../model/snapshot';
import { IPipelines, type IPipeline } from '../tokens';

export const PROPOSE_STEPS = 'jupyter-mlops:propose-steps';
const ACCEPT_ALL = 'jupyter-mlops:accept-proposal';
const DISCARD = 'jupyter-mlops:discard-proposal';
const PLUGIN = 'jupyter-mlops:proposals';

/** The bar above one notebook: an invitation, or what to do with the preview. */
class ProposalBar {
  constructor(
    private readonly _pipeline: IPipeline,
    private readonly _preview: Preview,
    private readonly _dismissed: Dismissals,
    private readonly _invites: () => boolean,
    private readonly _propose: () => void,
    private readonly _trans: TranslationBundle
  ) {
    this._bar = new TagBar(_trans.__('Proposed steps'));
    _pipeline.panel.contentHeader.addWidget(this._bar);
    _pipeline.analysis.viewChanged.connect(() => void this.update());
    _preview.changed.connect(() => void this.update());
    void this.update();
  }

  /** Say what is to be said now. */
  async update(): Promise<void> {
    const content = this._preview.proposal ? this._onPreview() : await this._onInvitation();
    if (!this._bar.isDisposed && (content === null || (this._preview.proposal === null) === (content.dismiss !== undefined))) {
      this._bar.say(content);
    }
  }

  private _onPreview(): ITagBar {
    const { proposal, undecided } = this._preview;
    const steps = proposal?.graph?.nodes.map(node => node.name) ?? [];
    const text = this._trans._n('%1 cell gets tags once you accept', '%1 cells get tags once you accept', undecided.length);
    return {
      text: steps.length > 0 ? `${text}: ${steps.join(' → ')}` : text,
      actions: [
        { label: this._trans.__('Accept All'), caption: this._trans.__('Write all that is still proposed; one undo takes it back'), run: () => this._preview.acceptAll() },
        { label: this._trans.__('Discard'), caption: this._trans.__('Leave the rest as it is'), run: () => this._preview.discard() }
      ]
    };
  }

  private async _onInvitation(): Promise<ITagBar | null> {
    const { analysis, panel } = this._pipeline;
    const { view, analysed } = analysis;
    const path = panel.context.path;
    if (!view || !analysed || !this._invites() || !isInviting(view, analysed) || (await this._dismissed.has(path))) {
      return null;
    }
    return {
      text: this._trans.__('This notebook has no steps yet.'),
      actions: [{ label: this._trans.__('Propose Steps'), run: this._propose }],
      dismiss: { label: this._trans.__('Do not offer this for this notebook'), run: () => void this._dismissed.add(path).then(() => this.update()) }
    };
  }

  private readonly _bar: TagBar;
}

class Previews implements IPreviews {
  constructor(
    private readonly _pipelines: IPipelines,
    private readonly _trans: TranslationBundle
  ) {}

  of(panel: string): Preview | null {
    return this._previews.get(panel) ?? null;
  }

  /** Make the preview of a notebook that is opened. */
  add(pipeline: IPipeline): Preview {
    const { panel } = pipeline;
    const preview = new Preview({
      read: () => (panel.model === null ? null : snapshot(panel.model, panel.context.path)),
      ask: this._pipelines.client.propose,
      write: cells => pipeline.retag(cells)
    });
    this._previews.set(panel.id, preview);
    panel.disposed.connect(() => {
      this._previews.delete(panel.id);
      preview.dispose();
    });
    return preview;
  }

  /** Show a proposal for a notebook, or say why there is none. */
  async start(pipeline: IPipeline): Promise<void> {
    const preview = this.of(pipeline.panel.id);
    try {
      const proposal = await preview?.start();
      if (proposal?.changes === 0) {
        Notification.info(proposal.refused || this._trans.__('There is nothing to propose: every cell is where it belongs.'), { autoClose: 8000 });
        return;
      }
      const first = preview?.undecided[0];
      if (first) {
        await pipeline.reveal(first.id);
      }
    } catch (error) {
      Notification.error(this._trans.__('No steps can be proposed: %1', error instanceof Error ? error.message : String(error)), { autoClose: 10_000 });
    }
  }

  private readonly _previews = new Map<string, Preview>();
}

export const proposals: JupyterFrontEndPlugin<IPreviews> = {
  id: PLUGIN,
  description: 'Proposes steps for a notebook, cell by cell.',
  autoStart: true,
  requires: [IPipelines],
  optional: [ITranslator, ICommandPalette, IStateDB, ISettingRegistry],
  provides: IPreviews,
  activate: (
    app: JupyterFrontEnd,
    pipelines: IPipelines,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    state: IStateDB | null,
    registry: ISettingRegistry | null
  ): IPreviews => {
    const trans = (translator ?? nullTranslator).load('jupyter-mlops');
    const previews = new Previews(pipelines, trans);
    const dismissed = new Dismissals('invitation', state);
    const bars = new Set<ProposalBar>();
    let invites = true;
    void registry?.load(PLUGIN).then(settings => {
      const read = () => {
        invites = settings.get('invite').composite !== false;
        bars.forEach(bar => void bar.update());
      };
      settings.changed.connect(read);
      read();
    });
    const add = (pipeline: IPipeline) => {
      const preview = previews.add(pipeline);
      const bar = new ProposalBar(pipeline, preview, dismissed, () => invites, () => void previews.start(pipeline), trans);
      bars.add(bar);
      pipeline.panel.disposed.connect(() => bars.delete(bar));
    };
    pipelines.each(add);
    addCommands(app, pipelines, previews, palette, trans);
    return previews;
  }
};

function addCommands(app: JupyterFrontEnd, pipelines: IPipelines, previews: Previews, palette: ICommandPalette | null, trans: TranslationBundle): void {
  const current = () => (pipelines.current ? previews.of(pipelines.current.panel.id) : null);
  const isShown = () => current()?.proposal !== null && current() !== null;
  const describedBy = { args: { type: 'object' as const, properties: {} } };
  app.commands.addCommand(PROPOSE_STEPS, {
    label: trans.__('Propose Steps'),
    caption: trans.__('Propose steps for this notebook; nothing is written before you accept'),
    icon: proposeIcon,
    describedBy,
    isEnabled: () => pipelines.current !== null,
    execute: () => (pipelines.current ? previews.start(pipelines.current) : undefined)
  });
  app.commands.addCommand(ACCEPT_ALL, {
    label: trans.__('Accept All Proposed Steps'),
    describedBy,
    isEnabled: isShown,
    execute: () => current()?.acceptAll()
  });
  app.commands.addCommand(DISCARD, {
    label: trans.__('Discard the Proposed Steps'),
    describedBy,
    isEnabled: isShown,
    execute: () => current()?.discard()
  });
  [PROPOSE_STEPS, ACCEPT_ALL, DISCARD].forEach(command => palette?.addItem({ command, category: trans.__('Pipeline') }));
}
