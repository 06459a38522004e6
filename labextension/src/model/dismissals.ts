/** Which offers a person has sent away, notebook by notebook: kept in Lab's state, never in the notebook. */
import type { IStateDB } from '@jupyterlab/statedb';

/** Remembers; without a state database until the page is closed. */
export class Dismissals {
  constructor(
    private readonly _offer: string,
    private readonly _state: Pick<IStateDB, 'fetch' | 'save'> | null
  ) {}

  /** Whether the offer was sent away for a notebook. */
  async has(path: string): Promise<boolean> {
    return this._known.has(path) || (await this._state?.fetch(this._key(path))) === true;
  }

  /** Send it away. */
  async add(path: string): Promise<void> {
    this._known.add(path);
    await this._state?.save(this._key(path), true);
  }

  private _key(path: string): string {
    return `jupyter-mlops:dismissed:${this._offer}:${path}`;
  }

  private readonly _known = new Set<string>();
}
