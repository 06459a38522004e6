/** A finding in words, as the editor shows it under the pointer: what, why, what to do, and where to read more. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Diagnostic } from '../api/generated';
import { capital, pieces } from '../model/problems';

/** What can be asked for from a description. */
export interface IDescriptionActions {
  explain: (code: string) => void;
  /** Show a second place of the finding. */
  reveal: (label: Diagnostic['labels'][number]) => void;
}

/** Make the description of a finding. */
export function describe(problem: Diagnostic, actions: IDescriptionActions, trans: TranslationBundle): HTMLElement {
  const node = document.createElement('div');
  node.className = 'jp-mlops-problem';
  node.append(paragraph('jp-mlops-problem-message', problem.message), paragraph('jp-mlops-problem-why', `${capital(problem.why)}.`), paragraph('jp-mlops-problem-fix', `${capital(problem.fix)}.`));
  for (const label of problem.labels) {
    const where = label.place?.number ? trans.__('cell %1', label.place.number) : '';
    node.append(button('jp-mlops-problem-label', [label.text, where].filter(Boolean).join(', '), () => actions.reveal(label)));
  }
  node.append(button('jp-mlops-problem-code', `${problem.code} ${problem.slug}`, () => actions.explain(problem.code), trans.__('Read about %1', problem.code)));
  return node;
}

function paragraph(className: string, text: string): HTMLElement {
  const node = document.createElement('p');
  node.className = className;
  for (const piece of pieces(text)) {
    const part = document.createElement(piece.isCode ? 'code' : 'span');
    part.textContent = piece.text;
    node.append(part);
  }
  return node;
}

function button(className: string, text: string, run: () => void, title = ''): HTMLElement {
  const node = document.createElement('button');
  node.type = 'button';
  node.className = className;
  node.textContent = text;
  node.title = title;
  // The editor would take the focus, and with it the tooltip, before the click.
  node.addEventListener('mousedown', event => event.preventDefault());
  node.addEventListener('click', run);
  return node;
}
