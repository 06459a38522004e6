/** The server extension's routes as functions (`jupyter_mlops/server/routes.py`). */
import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import type * as Api from './generated';

/** An answer that is no success: `status` is HTTP's, 0 when the server cannot be reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly hint = ''
  ) {
    super(message);
    this.name = 'ApiError';
  }

  /** Whether nobody answered, or nobody who knows these routes. */
  get isOffline(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

/** What the front end asks the server. Every function rejects with an {@link ApiError}. */
export class Client {
  constructor(private readonly _settings = ServerConnection.makeSettings()) {}

  view = (notebook: Api.Notebook): Promise<Api.View> => this._post('view', notebook);
  grammar = (): Promise<Api.Grammar> => this._get('grammar');
  form = (request: Api.FormRequest): Promise<Api.Form> => this._post('form', request);
  complete = (request: Api.CompletionRequest): Promise<Api.Completions> => this._post('complete', request);
  propose = (notebook: Api.Notebook): Promise<Api.Proposal> => this._post('propose', notebook);
  convert = (notebook: Api.Notebook): Promise<Api.Conversion> => this._post('convert', notebook);
  sizes = (request: Api.SizesRequest): Promise<Api.Sizes> => this._post('sizes', request);
  explain = (code: string): Promise<Api.Page> => this._get(`explain/${encodeURIComponent(code)}`);
  compile = (request: Api.CompileRequest): Promise<Api.Compiled> => this._post('compile', request);
  export = (request: Api.ExportRequest): Promise<Api.Exported> => this._post('export', request);

  /** Runs, newest first; of one notebook when a path is given. */
  runs = (path?: string): Promise<Api.Runs> => this._get('runs', path === undefined ? {} : { path });
  start = (request: Api.StartRequest): Promise<Api.Run> => this._post('runs', request);

  /** A run with what was printed lately; `after` is the `next` of the answer before, and then the server waits up to `wait` seconds for more. */
  run = (id: string, after?: number, wait = 0, signal?: AbortSignal): Promise<Api.Run> =>
    this._get(`runs/${encodeURIComponent(id)}`, after === undefined ? {} : { after: String(after), wait: String(wait) }, signal);
  stop = (id: string): Promise<Api.Run> => this._post(`runs/${encodeURIComponent(id)}/stop`, {});
  resume = (id: string): Promise<Api.Run> => this._post(`runs/${encodeURIComponent(id)}/resume`, {});
  log = async (id: string, label: string): Promise<string> => (await this._ask(this._step(id, label, 'log'), { method: 'GET' })).text();
  compare = (left: string, right: string): Promise<Api.Comparison> => this._get('compare', { left, right });

  /** The address of what a step displayed, for a sandboxed frame. */
  pageUrl(id: string, label: string): string {
    const url = this._url(this._step(id, label, 'page'));
    return this._settings.token ? `${url}?token=${encodeURIComponent(this._settings.token)}` : url;
  }

  private _step(id: string, label: string, what: string): string {
    return `runs/${encodeURIComponent(id)}/steps/${encodeURIComponent(label)}/${what}`;
  }

  private async _get<T>(path: string, query: Record<string, string> = {}, signal?: AbortSignal): Promise<T> {
    const words = new URLSearchParams(query).toString();
    const response = await this._ask(words ? `${path}?${words}` : path, { method: 'GET', signal: signal ?? null });
    return (await response.json()) as T;
  }

  private async _post<T>(path: string, body: unknown): Promise<T> {
    const response = await this._ask(path, { method: 'POST', body: JSON.stringify(body) });
    return (await response.json()) as T;
  }

  private _url(path: string): string {
    return `${URLExt.join(this._settings.baseUrl, 'jupyter-mlops')}/${path}`;
  }

  private async _ask(path: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await ServerConnection.makeRequest(this._url(path), init, this._settings);
    } catch (error) {
      throw new ApiError(0, error instanceof Error ? error.message : String(error));
    }
    if (!response.ok) {
      throw await refusal(response);
    }
    return response;
  }
}

async function refusal(response: Response): Promise<ApiError> {
  const text = await response.text();
  try {
    const problem = JSON.parse(text) as Partial<Api.Problem>;
    return new ApiError(response.status, problem.message ?? response.statusText, problem.hint ?? '');
  } catch {
    if (response.status === 404) {
      return new ApiError(404, 'this server does not know pipelines', 'run `jupyter server extension enable jupyter_mlops` and start it again');
    }
    return new ApiError(response.status, response.statusText || `the server answered ${response.status}`);
  }
}
