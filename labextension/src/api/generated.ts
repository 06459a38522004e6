// Made by `npm run types` from jupyter_mlops/server/schemas/api.json. Change that.

/**
 * As `jupyter_mlops.submit.events.State`; KFP's words are translated.
 */
export type StepState =
  'waiting' | 'running' | 'succeeded' | 'cached' | 'resumed' | 'failed' | 'skipped' | 'stopped' | 'not run';
export type RunState = 'starting' | 'running' | 'succeeded' | 'failed' | 'interrupted' | 'equal' | 'different';

/**
 * What JupyterLab and the server extension say to each other; `routes.py` says which definition goes where.
 */
export interface Api {
  NotebookCell?: NotebookCell;
  Notebook?: Notebook;
  Position?: Position;
  Range?: Range;
  Place?: Place;
  Label?: Label;
  Edit?: Edit;
  Fix?: Fix;
  Diagnostic?: Diagnostic;
  Chip?: Chip;
  Crossing?: Crossing;
  CellView?: CellView;
  Node?: Node;
  Use?: Use;
  GraphEdge?: GraphEdge;
  EdgeValue?: EdgeValue;
  Parameter?: Parameter;
  Graph?: Graph;
  View?: View;
  CellTags?: CellTags;
  Field?: Field;
  Choice?: Choice;
  Grammar?: Grammar;
  Verb?: Verb;
  FormRequest?: FormRequest;
  Form?: Form;
  CompletionRequest?: CompletionRequest;
  Completion?: Completion;
  Completions?: Completions;
  ProposedCell?: ProposedCell;
  Proposal?: Proposal;
  Conversion?: Conversion;
  CompileRequest?: CompileRequest;
  DiffLine?: DiffLine;
  Compiled?: Compiled;
  ExportRequest?: ExportRequest;
  Exported?: Exported;
  StepState?: StepState;
  RunState?: RunState;
  RunStep?: RunStep;
  RunArtifact?: RunArtifact;
  Metric?: Metric;
  RunSummary?: RunSummary;
  Run?: Run;
  OutputLines?: OutputLines;
  Runs?: Runs;
  StartRequest?: StartRequest;
  Compared?: Compared;
  ComparedStep?: ComparedStep;
  Comparison?: Comparison;
  SizesRequest?: SizesRequest;
  Sizes?: Sizes;
  Nothing?: Nothing;
  Page?: Page;
  Problem?: Problem;
}
/**
 * A cell as it is in the editor now.
 */
export interface NotebookCell {
  id: string;
  type: 'code' | 'markdown' | 'raw';
  source: string;
  /**
   * `metadata.tags`
   */
  tags: string[];
  /**
   * `metadata.nb2pipe`, empty when there is none
   */
  settings: {
    [k: string]: unknown;
  };
  execution_count: number | null;
}
/**
 * A notebook as it is in the editor now, saved or not.
 */
export interface Notebook {
  /**
   * relative to the server's root, with `/`
   */
  path: string;
  /**
   * the notebook's metadata
   */
  metadata: {
    [k: string]: unknown;
  };
  cells: NotebookCell[];
}
/**
 * A place in a cell.
 */
export interface Position {
  /**
   * from 1
   */
  line: number;
  /**
   * from 0, in code points
   */
  column: number;
  /**
   * from 0, in UTF-16 units
   */
  utf16: number;
}
/**
 * Where in a cell.
 */
export interface Range {
  start: Position;
  end: Position;
}
/**
 * A cell, and unless the whole cell is meant a range in it.
 */
export interface Place {
  cell: string | null;
  /**
   * the cell's number among all cells, from 1
   */
  number: number | null;
  step: string | null;
  range: Range | null;
}
/**
 * A second place of a diagnostic.
 */
export interface Label {
  text: string;
  place: Place | null;
}
/**
 * A replacement in a cell's source.
 */
export interface Edit {
  text: string;
  place: Place | null;
}
/**
 * One thing that a click does about a diagnostic.
 */
export interface Fix {
  title: string;
  edits: Edit[];
  /**
   * whole new tags of cells
   */
  tags: CellTags[];
  /**
   * it only keeps the finding from being said
   */
  mutes: boolean;
}
/**
 * The tags and settings of a cell.
 */
export interface CellTags {
  id: string;
  tags: string[];
  settings: {
    [k: string]: unknown;
  };
}
/**
 * A finding.
 */
export interface Diagnostic {
  code: string;
  slug: string;
  severity: 'error' | 'warning' | 'note';
  message: string;
  why: string;
  /**
   * what to do, in words
   */
  fix: string;
  label: string;
  place: Place | null;
  labels: Label[];
  /**
   * what can be done by a click; may be empty
   */
  fixes: Fix[];
}
/**
 * A small mark on a cell or node.
 */
export interface Chip {
  /**
   * the verb of the tag: `gpu`, `memory`, `retry`, `gate`, …
   */
  kind: string;
  /**
   * as short as it can be read
   */
  text: string;
  /**
   * a sentence
   */
  title: string;
}
/**
 * A value that enters or leaves a step.
 */
export interface Crossing {
  /**
   * names that travel together
   */
  names: string[];
  /**
   * its artifact type: `Dataset`, `Model`, `int`, …
   */
  type: string;
  /**
   * its static type, or empty
   */
  detail: string;
  /**
   * where it comes from, or goes to; empty when nobody reads it
   */
  steps: string[];
}
/**
 * What is known of one cell.
 */
export interface CellView {
  id: string;
  number: number;
  /**
   * where its code goes; `none`: a code cell that is nowhere
   */
  place: 'step' | 'parameters' | 'setup' | 'skip' | 'text' | 'none';
  step: string | null;
  /**
   * it has the tag itself, and does not follow the cell above
   */
  tagged: boolean;
  /**
   * the first cell of its step
   */
  first: boolean;
  /**
   * the last cell of its step
   */
  last: boolean;
  /**
   * the step's number in the pipeline, from 0
   */
  colour: number | null;
  role: string | null;
  chips: Chip[];
  /**
   * names that need a value of an earlier cell
   */
  reads: string[];
  writes: string[];
  mutates: string[];
  /**
   * ids of the cells that these values come from
   */
  needs: string[];
}
/**
 * A step in the graph.
 */
export interface Node {
  name: string;
  /**
   * ids
   */
  cells: string[];
  colour: number;
  role: string | null;
  chips: Chip[];
  /**
   * column, from 0
   */
  layer: number;
  /**
   * row; not always whole
   */
  row: number;
  receives: Crossing[];
  hands_on: Crossing[];
  parameters: string[];
  foreach: string | null;
  when: string | null;
  on_exit: boolean;
}
/**
 * A place where a value is made or used.
 */
export interface Use {
  cell: string;
  range: Range | null;
}
/**
 * What one step hands to another.
 */
export interface GraphEdge {
  source: string;
  target: string;
  /**
   * `order`: no value crosses
   */
  kind: 'data' | 'order';
  values: EdgeValue[];
}
/**
 * One value on an edge.
 */
export interface EdgeValue {
  names: string[];
  type: string;
  detail: string;
  /**
   * where it is made
   */
  made: Use[];
  /**
   * where the target uses it
   */
  used: Use[];
  /**
   * other steps that use it
   */
  also: string[];
}
/**
 * A parameter of the pipeline.
 */
export interface Parameter {
  name: string;
  type: 'int' | 'float' | 'str' | 'bool' | 'list' | 'dict';
  /**
   * JSON text; null when a value must be given
   */
  default: string | null;
  /**
   * null is a value too
   */
  optional: boolean;
  description: string;
}
/**
 * The pipeline.
 */
export interface Graph {
  name: string;
  parameters: Parameter[];
  nodes: Node[];
  edges: GraphEdge[];
}
/**
 * All that the editor shows of a notebook.
 */
export interface View {
  cells: CellView[];
  diagnostics: Diagnostic[];
  /**
   * null when there are no steps, or none can be told
   */
  graph: Graph | null;
  /**
   * it was written for Kale
   */
  kale: boolean;
  /**
   * it has steps and no error
   */
  runnable: boolean;
}
/**
 * One field of the form of a cell.
 */
export interface Field {
  name: string;
  title: string;
  help: string;
  kind: 'text' | 'number' | 'choice' | 'flag' | 'list';
  /**
   * where it stands in the form
   */
  group: 'step' | 'resources' | 'execution' | 'flow' | 'reports' | 'environment';
  placeholder: string;
  /**
   * suggestions; of a `choice` all there are
   */
  choices: Choice[];
}
/**
 * A suggested value.
 */
export interface Choice {
  value: string;
  title: string;
}
/**
 * The tags there are.
 */
export interface Grammar {
  verbs: Verb[];
  fields: Field[];
}
/**
 * One tag.
 */
export interface Verb {
  verb: string;
  /**
   * how it is written
   */
  shape: string;
  help: string;
  /**
   * it takes no argument
   */
  flag: boolean;
}
/**
 * Describe the tags of cells as a form; with `changes`, change them.
 */
export interface FormRequest {
  notebook: Notebook;
  /**
   * ids of the selected cells
   */
  cells: string[];
  /**
   * field → value; null or empty takes it away
   */
  changes?: {
    [k: string]: (string | boolean | string[]) | null;
  };
}
/**
 * The form of the selected cells.
 */
export interface Form {
  /**
   * field → value
   */
  values: {
    [k: string]: (string | boolean | string[]) | null;
  };
  /**
   * fields in which the cells differ
   */
  mixed: string[];
  /**
   * field → what is wrong with it
   */
  problems: {
    [k: string]: string;
  };
  /**
   * their tags after the changes
   */
  cells: CellTags[];
  /**
   * tags of other tools, which stay
   */
  other: string[];
  /**
   * field → suggestions that this notebook gives, instead of the grammar's
   */
  choices: {
    [k: string]: Choice[];
  };
}
/**
 * What a tag that is being typed could become.
 */
export interface CompletionRequest {
  text: string;
  notebook: Notebook;
}
/**
 * A tag.
 */
export interface Completion {
  text: string;
  help: string;
}
/**
 * Best first.
 */
export interface Completions {
  items: Completion[];
}
/**
 * Tags proposed for a cell.
 */
export interface ProposedCell {
  id: string;
  number: number;
  /**
   * its first line
   */
  line: string;
  add: string[];
  step: string | null;
  colour: number | null;
  reason: string;
}
/**
 * Proposed tags; nothing is written.
 */
export interface Proposal {
  /**
   * every code cell with text
   */
  cells: ProposedCell[];
  /**
   * how many cells get tags
   */
  changes: number;
  /**
   * once all is accepted
   */
  graph: Graph | null;
  /**
   * why nothing is proposed, or empty
   */
  refused: string;
}
/**
 * Kale's or papermill's words as ours.
 */
export interface Conversion {
  /**
   * those that change
   */
  cells: CellTags[];
  /**
   * `metadata.nb2pipe` of the notebook, when it changes
   */
  metadata: {
    [k: string]: unknown;
  } | null;
  /**
   * keys of the notebook's metadata that are to be removed with it
   */
  useless: string[];
}
/**
 * Compile a notebook.
 */
export interface CompileRequest {
  notebook: Notebook;
  /**
   * write the file beside the notebook
   */
  write: boolean;
  /**
   * where, relative to the root; default: NOTEBOOK.yaml beside it
   */
  output?: string;
}
/**
 * A line of a comparison.
 */
export interface DiffLine {
  kind: 'same' | 'added' | 'removed' | 'gap';
  text: string;
  old: number | null;
  new: number | null;
}
/**
 * A compiled pipeline.
 */
export interface Compiled {
  /**
   * where it is, or would be, written
   */
  path: string;
  text: string;
  /**
   * there was one before
   */
  previous: boolean;
  added: number;
  removed: number;
  /**
   * against the last one, with three lines round each change
   */
  diff: DiffLine[];
  written: boolean;
}
/**
 * Export a notebook that is saved as a Python project.
 */
export interface ExportRequest {
  path: string;
  /**
   * relative to the root
   */
  directory: string;
}
/**
 * An exported project.
 */
export interface Exported {
  directory: string;
  files: string[];
}
/**
 * How one step (one item of a fan-out) stands.
 */
export interface RunStep {
  /**
   * the step, with its item in brackets
   */
  label: string;
  step: string;
  item: number | null;
  state: StepState;
  seconds: number;
  attempts: number;
  reason: string;
  /**
   * of a failure: the finding with its cell, or the log's last lines
   */
  headline: string;
  /**
   * of a failure: the number of the cell
   */
  cell: number | null;
  /**
   * of a failure: the line in it
   */
  line: number | null;
  artifacts: RunArtifact[];
  /**
   * it has displayed something: GET runs/ID/steps/LABEL/page
   */
  page: boolean;
}
/**
 * An artifact.
 */
export interface RunArtifact {
  port: string;
  type: string;
  bytes: number | null;
  digest: string | null;
  encoding: string;
}
/**
 * A number that a step reports.
 */
export interface Metric {
  step: string;
  name: string;
  value: number;
}
/**
 * A run in a list.
 */
export interface RunSummary {
  id: string;
  kind: 'local' | 'verify' | 'kubeflow';
  /**
   * relative to the root
   */
  notebook: string;
  pipeline: string;
  state: RunState;
  /**
   * ISO 8601, UTC
   */
  started: string | null;
  seconds: number;
  parameters: {
    [k: string]: unknown;
  };
  done: number;
  total: number;
  /**
   * of a Kubeflow run, else empty
   */
  url: string;
  /**
   * a process of ours runs or follows it
   */
  alive: boolean;
}
/**
 * A run, whole.
 */
export interface Run {
  summary: RunSummary;
  steps: RunStep[];
  metrics: Metric[];
  /**
   * why the run as a whole failed, or empty
   */
  problem: string;
  /**
   * of `verify`: what differs, as text
   */
  verdict: string;
  /**
   * position in the run's story: what to ask for after
   */
  next: number;
  /**
   * what steps printed since
   */
  output: OutputLines[];
}
/**
 * Lines that a step printed.
 */
export interface OutputLines {
  label: string;
  lines: string[];
}
/**
 * Runs, newest first.
 */
export interface Runs {
  runs: RunSummary[];
}
/**
 * Start a run of a notebook that is saved.
 */
export interface StartRequest {
  path: string;
  kind: 'local' | 'verify' | 'kubeflow';
  /**
   * only those that differ from their defaults
   */
  parameters: {
    [k: string]: unknown;
  };
  /**
   * use no cache
   */
  fresh?: boolean;
  endpoint?: string;
  namespace?: string;
  experiment?: string;
}
/**
 * A row of a comparison.
 */
export interface Compared {
  name: string;
  /**
   * as JSON, empty when absent
   */
  left: string;
  right: string;
  same: boolean;
  /**
   * right minus left of numbers
   */
  change: number | null;
}
/**
 * A step in two runs.
 */
export interface ComparedStep {
  label: string;
  left: StepState | null;
  right: StepState | null;
  left_seconds: number;
  right_seconds: number;
  /**
   * ports whose content differs
   */
  outputs: string[];
  /**
   * it was made by the same code and inputs; null when that is not known
   */
  code: boolean | null;
}
/**
 * Two runs.
 */
export interface Comparison {
  left: RunSummary;
  right: RunSummary;
  parameters: Compared[];
  metrics: Compared[];
  steps: ComparedStep[];
}
/**
 * Code that measures names in a kernel.
 */
export interface SizesRequest {
  names: string[];
}
/**
 * Run `code` silently with the user expression `expression`; its value is JSON: name → {type, size}.
 */
export interface Sizes {
  code: string;
  expression: string;
}
/**
 * No words are needed.
 */
export interface Nothing {}
/**
 * The page of a diagnostic.
 */
export interface Page {
  code: string;
  markdown: string;
}
/**
 * Every answer that is no 2xx.
 */
export interface Problem {
  /**
   * one sentence
   */
  message: string;
  /**
   * what to do, or empty
   */
  hint: string;
}
