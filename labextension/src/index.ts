/** The list of plug-ins; each is one file in `plugins/`. */
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { badges } from './plugins/badges';
import { conversion } from './plugins/conversion';
import { pipelines } from './plugins/pipelines';
import { proposals } from './plugins/proposals';
import { settingsForm } from './plugins/settingsform';
import { tagEditor } from './plugins/tageditor';

const plugins: JupyterFrontEndPlugin<unknown>[] = [pipelines, badges, conversion, proposals, settingsForm, tagEditor];

export default plugins;
