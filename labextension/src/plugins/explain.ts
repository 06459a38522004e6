/** The page of a finding: why there is such a rule, an example, and what to do. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, InputDialog, MainAreaWidget, Notification } from '@jupyterlab/apputils';
import { IRenderMimeRegistry, MimeModel } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Panel } from '@lumino/widgets';
import { pipelineIcon } from '../components/icons';
import { IPipelines } from '../tokens';

export const EXPLAIN = 'jupyter-mlops:explain';
const MARKDOWN = 'text/markdown';

export const explain: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:explain',
  description: 'Shows the page of a finding.',
  autoStart: true,
  requires: [IPipelines, IRenderMimeRegistry],
  optional: [ICommandPalette, ITranslator],
  activate: (app: JupyterFrontEnd, pipelines: IPipelines, rendermime: IRenderMimeRegistry, palette: ICommandPalette | null, translator: ITranslator | null): void => {
    const trans = (translator ?? nullTranslator).load('jupyter-mlops');
    const pages = new Map<string, MainAreaWidget<Panel>>();
    const open = async (code: string) => {
      const page = pages.get(code);
      if (page && !page.isDisposed) {
        app.shell.activateById(page.id);
        return;
      }
      const { markdown } = await pipelines.client.explain(code);
      const renderer = rendermime.createRenderer(MARKDOWN);
      await renderer.renderModel(new MimeModel({ data: { [MARKDOWN]: markdown } }));
      const content = new Panel();
      content.addClass('jp-mlops-explanation');
      content.addWidget(renderer);
      const widget = new MainAreaWidget({ content });
      widget.id = `jupyter-mlops-page-${code}`;
      widget.title.label = code;
      widget.title.icon = pipelineIcon;
      widget.title.closable = true;
      pages.set(code, widget);
      app.shell.add(widget, 'main', { mode: 'tab-after' });
      app.shell.activateById(widget.id);
    };
    app.commands.addCommand(EXPLAIN, {
      label: trans.__('Explain a Problem'),
      caption: trans.__('Open the page of a diagnostic by its code'),
      describedBy: { args: { type: 'object', properties: { code: { type: 'string' } } } },
      execute: async args => {
        const code = (args['code'] as string | undefined) ?? (await InputDialog.getText({ title: trans.__('Explain a problem'), placeholder: 'NB201' })).value?.trim();
        try {
          await (code ? open(code.toUpperCase()) : undefined);
        } catch (error) {
          Notification.error(error instanceof Error ? error.message : String(error), { autoClose: 6000 });
        }
      }
    });
    palette?.addItem({ command: EXPLAIN, category: trans.__('Pipeline') });
  }
};
