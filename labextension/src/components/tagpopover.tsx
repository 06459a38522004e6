/** The tag form in a small window beside the cell that it is about. */
import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import type { Message } from '@lumino/messaging';
import * as React from 'react';
import type { Completion, Grammar } from '../api/generated';
import type { TagForm } from '../model/tagform';
import { TagFormView } from './tagform';

/** What a popover needs. */
export interface ITagPopoverOptions {
  anchor: HTMLElement;
  grammar: Grammar;
  form: TagForm;
  trans: TranslationBundle;
  complete: (text: string) => Promise<readonly Completion[]>;
  /** Called once, when it has closed; `byKey` when the keyboard did it and the focus must go back. */
  onClose: (byKey: boolean) => void;
}

const MARGIN = 8;
const TALLEST = 480;

/** The window; it closes by Escape, by its button, and by a click beside it. */
export class TagPopover extends ReactWidget {
  constructor(private readonly _options: ITagPopoverOptions) {
    super();
    this.addClass('jp-mlops-tagpopover');
    this.node.setAttribute('role', 'dialog');
    this.node.setAttribute('aria-label', this._title);
    this.node.addEventListener('keydown', this._onKey);
    _options.form.changed.connect(() => this.update());
  }

  /** Show it. */
  open(): void {
    Widget.attach(this, document.body);
  }

  /** Take it away; what is typed and not yet said is said first. */
  shut(byKey: boolean): void {
    if (this._isShut || this.isDisposed) {
      return;
    }
    this._isShut = true;
    if (this.node.contains(document.activeElement)) {
      (document.activeElement as HTMLElement).blur();
    }
    this._options.onClose(byKey);
    this.dispose();
  }

  protected render(): React.JSX.Element {
    const { grammar, form, trans, complete } = this._options;
    return (
      <>
        <div className="jp-mlops-tagpopover-header">
          <h2>{this._title}</h2>
          <button type="button" className="jp-mlops-tagremove" aria-label={trans.__('Close')} onClick={() => this.shut(true)}>
            ×
          </button>
        </div>
        {form.form && (
          <TagFormView
            grammar={grammar}
            form={form.form}
            tags={form.tags}
            problem={form.problem}
            trans={trans}
            complete={complete}
            onChange={(field, value) => void form.change(field, value)}
            onAdd={tag => void form.addTag(tag)}
            onRemove={tag => void form.removeTag(tag)}
          />
        )}
      </>
    );
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    document.addEventListener('mousedown', this._onMouse, true);
    window.addEventListener('resize', this._place);
    void this.renderPromise?.then(() => {
      this._place();
      this._first()?.focus();
    });
  }

  protected override onBeforeDetach(message: Message): void {
    document.removeEventListener('mousedown', this._onMouse, true);
    window.removeEventListener('resize', this._place);
    super.onBeforeDetach(message);
  }

  private get _title(): string {
    const { trans, form } = this._options;
    return form.cells.length === 1 ? trans.__('Tags of the cell') : trans._n('Tags of %1 cell', 'Tags of %1 cells', form.cells.length);
  }

  /** The first text of the form: a step's name is what most people come for. */
  private _first(): HTMLElement | null {
    return this.node.querySelector('.jp-mlops-tagform input[role=combobox]');
  }

  /** Below the anchor, or above where there is more room; never outside the window. */
  private readonly _place = (): void => {
    const anchor = this._options.anchor.getBoundingClientRect();
    const { width } = this.node.getBoundingClientRect();
    const top = Math.min(Math.max(anchor.bottom, MARGIN), window.innerHeight - MARGIN);
    const isBelow = window.innerHeight - top >= Math.min(TALLEST, top);
    const style = this.node.style;
    style.left = `${Math.max(MARGIN, Math.min(anchor.left, window.innerWidth - width - MARGIN))}px`;
    style.top = isBelow ? `${top + 4}px` : '';
    style.bottom = isBelow ? '' : `${window.innerHeight - anchor.top + 4}px`;
    style.maxHeight = `${Math.min(TALLEST, (isBelow ? window.innerHeight - top : anchor.top) - 2 * MARGIN)}px`;
  };

  private readonly _onMouse = (event: MouseEvent): void => {
    if (!this.node.contains(event.target as Node)) {
      this.shut(false);
    }
  };

  private readonly _onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && !event.defaultPrevented) {
      event.stopPropagation();
      this.shut(true);
    } else if (event.key === 'Tab') {
      this._keepFocus(event);
    }
  };

  /** Tab goes round in the window, as in every dialog. */
  private _keepFocus(event: KeyboardEvent): void {
    const all = [...this.node.querySelectorAll<HTMLElement>('button, input, select, summary')].filter(node => node.offsetParent !== null);
    const [first, last] = [all[0], all[all.length - 1]];
    const leaves = event.shiftKey ? document.activeElement === first : document.activeElement === last;
    if (leaves) {
      event.preventDefault();
      (event.shiftKey ? last : first)?.focus();
    }
  }

  private _isShut = false;
}
