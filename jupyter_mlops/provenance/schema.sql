-- The index over lineage/events.jsonl: lineage/lineage.db. It holds nothing that the events do not; deleted, it is made again.

-- Things at one version. kind: dataset, model, deployment, report, run, or cell (a notebook's cell, whose version is its source's digest).
-- namespace and name are OpenLineage's (own things: nb2pipe, nb2pipe:model, nb2pipe:cell, …). version '' is "not said".
CREATE TABLE IF NOT EXISTS node (
  id        INTEGER PRIMARY KEY,
  kind      TEXT NOT NULL,
  namespace TEXT NOT NULL,
  name      TEXT NOT NULL,
  version   TEXT NOT NULL,
  seen      INTEGER NOT NULL,            -- where in the journal it was made or used last: the newest version of a name has the greatest
  facets    TEXT NOT NULL DEFAULT '{}',  -- JSON, by name; later events add and replace
  UNIQUE (namespace, name, version)
);
CREATE INDEX IF NOT EXISTS node_by_name ON node (name, seen);
CREATE INDEX IF NOT EXISTS node_by_kind ON node (kind, seen);
CREATE INDEX IF NOT EXISTS node_by_time ON node (seen, id);
-- A notebook calls a cell by its id, a step by its number: one node, and `also` is the other name.
CREATE INDEX IF NOT EXISTS cell_by_source ON node (version) WHERE kind = 'cell';
CREATE INDEX IF NOT EXISTS cell_by_other_name ON node (json_extract(facets, '$.also')) WHERE kind = 'cell';

-- `target` was made from `source` (data), or by it (a cell). Only what the explicit lineage facet says: no inputs × outputs.
CREATE TABLE IF NOT EXISTS edge (
  source   INTEGER NOT NULL REFERENCES node,
  target   INTEGER NOT NULL REFERENCES node,
  activity INTEGER NOT NULL,             -- the last one that said so
  PRIMARY KEY (source, target)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS edge_backwards ON edge (target, source);

-- One run of a job: a step of a pipeline, or one call of a verb.
CREATE TABLE IF NOT EXISTS activity (
  id      INTEGER PRIMARY KEY,
  run_id  TEXT NOT NULL UNIQUE,          -- OpenLineage's runId
  run     TEXT NOT NULL,                 -- what it is part of: a pipeline run's name, or the runId of the notebook's or program's process
  job     TEXT NOT NULL,
  cell    TEXT NOT NULL DEFAULT '',      -- the name of the cell's node, '' when there is none
  verb    TEXT NOT NULL DEFAULT '',
  state   TEXT NOT NULL,                 -- the last eventType: START, COMPLETE, FAIL, ABORT
  began   TEXT NOT NULL,
  ended   TEXT NOT NULL,
  facets  TEXT NOT NULL DEFAULT '{}'     -- JSON: parameters, metrics, environment, gate, driftReport, …
);
CREATE INDEX IF NOT EXISTS activity_of_run ON activity (run);

-- What an activity read and wrote, and the cells it ran (role: input, output, cell).
CREATE TABLE IF NOT EXISTS part (
  activity INTEGER NOT NULL REFERENCES activity,
  role     TEXT NOT NULL,
  node     INTEGER NOT NULL REFERENCES node,
  PRIMARY KEY (activity, role, node)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS part_of ON part (node, role);

-- How far the journal is folded: bytes, lines that were no event, and the digest of its first line (another journal is read from 0).
CREATE TABLE IF NOT EXISTS progress (
  only     INTEGER PRIMARY KEY CHECK (only = 1),
  position INTEGER NOT NULL,
  broken   INTEGER NOT NULL,
  head     TEXT NOT NULL
);
