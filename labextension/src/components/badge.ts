/** The mark of a cell: a bar in its step's colour along the left edge, and a button that says what the cell is and opens its tags. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import type { IBadge } from '../model/badges';
import { stepColour } from '../model/colours';
import { roleIcon } from './icons';

/** What a badge asks for when it is used. */
export interface IBadgeActions {
  edit: (cell: string, anchor: HTMLElement) => void;
  accept: (cell: string) => void;
  skip: (cell: string) => void;
  /** Leave the badge for its cell. */
  leave: (cell: string) => void;
  /** Go to the next, or with -1 to the last, cell that has a proposal. */
  move: (cell: string, by: 1 | -1) => void;
  discard: () => void;
}

/** A badge; `draw` is called when it has changed. */
export class CellBadge extends Widget {
  constructor(
    private readonly _actions: IBadgeActions,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-mlops-badge');
    this.node.addEventListener('keydown', this._onKey);
    this.node.addEventListener('mousedown', this._onMouse);
  }

  /** What is drawn. */
  get badge(): IBadge | undefined {
    return this._badge;
  }

  /** Whether Tab comes by; only the active cell's badge lets it. */
  set reachable(reachable: boolean) {
    this._reachable = reachable;
    this.node.querySelectorAll('button').forEach(button => (button.tabIndex = reachable ? 0 : -1));
  }

  /** Show a badge. */
  draw(badge: IBadge): void {
    const hadFocus = this.node.contains(document.activeElement);
    this._badge = badge;
    const { kind, colour, speaks, starts, ends } = badge;
    // Where arrows go from proposal to proposal, Lab's own keys of cells must not get them.
    this.node.toggleAttribute('data-lm-suppress-shortcuts', badge.proposed !== null);
    Object.assign(this.node.dataset, { kind, speaks: String(speaks), starts: String(starts), ends: String(ends) });
    this.node.style.setProperty('--jp-mlops-colour', colour === null ? 'var(--jp-border-color1)' : stepColour(colour));
    const bar = element('div', 'jp-mlops-badge-bar');
    bar.setAttribute('aria-hidden', 'true');
    this.node.replaceChildren(...(kind === 'none' ? [] : [bar]), ...this._content(badge));
    this.reachable = this._reachable;
    if (hadFocus) {
      this.focus();
    }
  }

  /** Put the focus on the badge's button. */
  focus(): void {
    this.node.querySelector('button')?.focus();
  }

  private _content(badge: IBadge): HTMLElement[] {
    if (badge.kind === 'between' || (badge.kind === 'proposed' && !badge.speaks)) {
      return [];
    }
    return [badge.proposed ? this._proposal(badge) : this._button(badge)];
  }

  private _button(badge: IBadge): HTMLElement {
    const row = button('jp-mlops-badge-button');
    const name = this._name(badge);
    row.append(text('jp-mlops-badge-name', name));
    roleIcon(badge.role)?.element({ container: row.appendChild(element('span', 'jp-mlops-badge-role')) });
    const said = [badge.role, ...badge.chips.map(chip => chip.title)].filter(word => word !== null && word !== '');
    if (badge.role) {
      row.append(text('jp-mlops-badge-chip', badge.role));
    }
    for (const chip of badge.chips) {
      row.append(text('jp-mlops-badge-chip', chip.text));
    }
    row.setAttribute('aria-haspopup', 'dialog');
    row.setAttribute('aria-label', [this._spoken(badge, name), ...said].join(', '));
    row.title = [this._spoken(badge, name), ...said, this._trans.__('Edit tags')].join('\n');
    row.addEventListener('click', () => this._actions.edit(badge.id, row));
    return row;
  }

  private _proposal(badge: IBadge): HTMLElement {
    const row = element('div', 'jp-mlops-badge-proposal');
    const tags = badge.proposed?.tags ?? [];
    const name = badge.step || tags.join(' ');
    const own = tags.find(tag => tag.endsWith(name));
    const others = tags.filter(tag => tag !== own);
    row.setAttribute('role', 'group');
    row.setAttribute('aria-label', this._trans.__('Proposed: %1', tags.join(', ')));
    const accept = labelled(this._trans.__('Accept'), 'jp-mlops-badge-accept', () => this._actions.accept(badge.id));
    accept.setAttribute('aria-label', this._trans.__('Accept %1: %2', tags.join(', '), badge.proposed?.reason ?? ''));
    const skip = labelled(this._trans.__('Skip'), 'jp-mlops-badge-skip', () => this._actions.skip(badge.id));
    skip.setAttribute('aria-label', this._trans.__('Skip the proposal %1', tags.join(', ')));
    row.append(
      text('jp-mlops-badge-name', name),
      ...others.map(tag => text('jp-mlops-badge-chip', tag)),
      text('jp-mlops-badge-reason', badge.proposed?.reason ?? ''),
      accept,
      skip
    );
    return row;
  }

  private _name(badge: IBadge): string {
    return badge.kind === 'step' ? badge.step : badge.kind === 'none' ? this._trans.__('+ step') : badge.kind;
  }

  private _spoken(badge: IBadge, name: string): string {
    if (badge.kind === 'step') {
      return badge.speaks ? this._trans.__('Step %1', name) : this._trans.__('Goes on with step %1', name);
    }
    return badge.kind === 'none' ? this._trans.__('Put this cell into a step') : name;
  }

  private readonly _onMouse = (event: MouseEvent): void => {
    // The notebook would end the selection that the click is about.
    if (this.node.closest('.jp-mod-selected') && (event.target as Element).closest('button')) {
      event.stopPropagation();
    }
  };

  private readonly _onKey = (event: KeyboardEvent): void => {
    const id = this._badge?.id;
    if (id === undefined) {
      return;
    }
    const isProposed = this._badge?.proposed !== null;
    const moves: Partial<Record<string, () => void>> = {
      Escape: () => (isProposed ? this._actions.discard() : this._actions.leave(id)),
      ...(isProposed ? { ArrowDown: () => this._actions.move(id, 1), ArrowUp: () => this._actions.move(id, -1) } : {})
    };
    const act = moves[event.key];
    if (act) {
      event.preventDefault();
      event.stopPropagation();
      act();
    }
  };

  private _badge: IBadge | undefined;
  private _reachable = false;
}

function element(tag: string, name: string): HTMLElement {
  const node = document.createElement(tag);
  node.className = name;
  return node;
}

function text(name: string, content: string): HTMLElement {
  const node = element('span', name);
  node.textContent = content;
  return node;
}

function button(name: string): HTMLButtonElement {
  const node = element('button', name) as HTMLButtonElement;
  node.type = 'button';
  return node;
}

function labelled(label: string, name: string, onClick: () => void): HTMLButtonElement {
  const node = button(`jp-mlops-tagaction ${name}`);
  node.textContent = label;
  node.addEventListener('click', onClick);
  return node;
}
