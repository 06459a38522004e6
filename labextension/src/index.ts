/** The list of plug-ins; each is one file in `plugins/`. */
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { pipelines } from './plugins/pipelines';

const plugins: JupyterFrontEndPlugin<unknown>[] = [pipelines];

export default plugins;
