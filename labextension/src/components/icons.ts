/** Our icons: they follow the theme by JupyterLab's own classes. */
import { LabIcon } from '@jupyterlab/ui-components';

const icon = (name: string, body: string): LabIcon =>
  new LabIcon({
    name: `jupyter-mlops:${name}`,
    svgstr: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="16"><g class="jp-icon3" fill="none" stroke="#616161" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round">${body}</g></svg>`
  });

export const pipelineIcon = icon('pipeline', '<rect x="1.5" y="6" width="4" height="4" rx="1"/><rect x="10.5" y="1.5" width="4" height="4" rx="1"/><rect x="10.5" y="10.5" width="4" height="4" rx="1"/><path d="M5.5 8h2.2c1 0 1-4.5 2-4.5h.8M5.5 8h2.2c1 0 1 4.5 2 4.5h.8"/>');
export const runIcon = icon('run', '<path d="M4.5 2.5v11l8.5-5.5z"/>');
export const proposeIcon = icon('propose', '<path d="M2.5 13.5l7-7M11 2v3M9.5 3.5h3M13.5 7v2M12.5 8h2"/>');
export const compileIcon = icon('compile', '<path d="M4 1.5h5l3 3v10H4zM9 1.5v3h3M6.5 8h3M6.5 10.5h3"/>');
export const tagsIcon = icon('tags', '<path d="M2 2.5h5.6l6 6-5.1 5.1L2 7.6z"/><circle cx="5.2" cy="5.7" r="0.7"/>');
export const validateIcon = icon('validate', '<path d="M8 1.5l5 2v4c0 3.2-2 5.6-5 7-3-1.4-5-3.8-5-7v-4zM5.8 8l1.6 1.6L10.4 6.4"/>');
export const gateIcon = icon('gate', '<path d="M2.5 14V3M13.5 14V3M2.5 5.5h11M2.5 9.5h11M6 5.5v4M10 5.5v4"/>');
export const deployIcon = icon('deploy', '<path d="M8 10.5V2M4.8 5.2L8 2l3.2 3.2M2.5 10v4h11v-4"/>');
export const monitorIcon = icon('monitor', '<path d="M1.5 8.5h3l2-5 3 9 2-4h3"/>');

const ROLES: Record<string, LabIcon> = { validate: validateIcon, gate: gateIcon, deploy: deployIcon, monitor: monitorIcon };

/** The icon of a step's role; undefined for a step without, or with one that has no picture. */
export function roleIcon(role: string | null): LabIcon | undefined {
  return role === null ? undefined : ROLES[role];
}
