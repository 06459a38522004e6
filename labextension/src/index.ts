/** The list of plug-ins; each is one file in `plugins/`. */
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { badges } from './plugins/badges';
import { compile } from './plugins/compile';
import { connection } from './plugins/connection';
import { conversion } from './plugins/conversion';
import { diagnostics } from './plugins/diagnostics';
import { explain } from './plugins/explain';
import { graph } from './plugins/graph';
import { hints } from './plugins/hints';
import { pipelines } from './plugins/pipelines';
import { problems } from './plugins/problems';
import { proposals } from './plugins/proposals';
import { runCommands } from './plugins/runcommands';
import { runs } from './plugins/runs';
import { settingsForm } from './plugins/settingsform';
import { staleness } from './plugins/staleness';
import { tagEditor } from './plugins/tageditor';

const plugins: JupyterFrontEndPlugin<unknown>[] = [pipelines, badges, conversion, proposals, runs, runCommands, compile, graph, settingsForm, tagEditor, diagnostics, problems, explain, connection, hints, staleness];

export default plugins;
