-- What serving remembers, in one SQLite file (WAL) that the server, the controller and notebooks share: home()/serving/serving.db.
-- A change of a rollout (transition, states of versions, traffic, the rollout's own state) is one transaction: a killed process leaves the
-- old one or the new one, nothing between. The database itself refuses two stable versions, traffic to a version whose smoke request did
-- not pass, and edits of the log.

-- One row per change of state, never changed, never deleted. `at` is seconds since 1970, by the controller's clock.
CREATE TABLE IF NOT EXISTS transition (
  sequence   INTEGER PRIMARY KEY,
  model      TEXT NOT NULL,
  at         REAL NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  stage      TEXT NOT NULL,             -- such as "canary 10 %"; for people
  version    TEXT NOT NULL,             -- the version that the change is about
  reason     TEXT NOT NULL,             -- one sentence
  evidence   TEXT NOT NULL              -- JSON: what was measured when it was decided
);
CREATE INDEX IF NOT EXISTS transition_of_model ON transition (model, sequence);
CREATE TRIGGER IF NOT EXISTS transition_is_kept BEFORE DELETE ON transition BEGIN SELECT RAISE(ABORT, 'a transition is never deleted'); END;
CREATE TRIGGER IF NOT EXISTS transition_stands BEFORE UPDATE ON transition BEGIN SELECT RAISE(ABORT, 'a transition is never changed'); END;

-- Each version of a model: where its SavedModel lies, how it stands, what its smoke request said.
CREATE TABLE IF NOT EXISTS version (
  model   TEXT NOT NULL,
  version TEXT NOT NULL,
  state   TEXT NOT NULL,                -- a state of the rollout, see machine.py
  source  TEXT NOT NULL DEFAULT '',     -- folder of the SavedModel, or a registry's URI
  digest  TEXT NOT NULL DEFAULT '',     -- sha256 of what is served
  smoke   INTEGER,                      -- 1 passed, 0 failed, NULL not asked yet
  frozen  INTEGER NOT NULL DEFAULT 0,   -- 1: only a person brings it back
  PRIMARY KEY (model, version)
);
CREATE UNIQUE INDEX IF NOT EXISTS one_stable ON version (model) WHERE state = 'STABLE';

-- What share of a model's requests each version answers now: shares of rows with shadow = 0 sum to 1.
-- A row with shadow = 1 gets copies of that share of requests; its answers go nowhere.
CREATE TABLE IF NOT EXISTS traffic (
  model   TEXT NOT NULL,
  version TEXT NOT NULL,
  share   REAL NOT NULL CHECK (share >= 0 AND share <= 1),
  shadow  INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (model, version, shadow)
);
CREATE TRIGGER IF NOT EXISTS traffic_after_smoke BEFORE INSERT ON traffic
WHEN NEW.share > 0 AND (SELECT smoke FROM version WHERE model = NEW.model AND version = NEW.version) IS NOT 1
BEGIN SELECT RAISE(ABORT, 'no traffic to a version that did not pass its smoke request'); END;

-- What was measured: one row per model, version and second of the server's clock. Several processes add to the same row.
CREATE TABLE IF NOT EXISTS evidence (
  model             TEXT NOT NULL,
  version           TEXT NOT NULL,
  second            INTEGER NOT NULL,
  requests          INTEGER NOT NULL DEFAULT 0,
  errors            INTEGER NOT NULL DEFAULT 0,    -- requests that the model failed (5xx), not those that the client got wrong (4xx)
  latency_counts    TEXT NOT NULL DEFAULT '{}',    -- JSON {bin: requests}; bin b is [2^(b/8), 2^((b+1)/8)) microseconds
  prediction_counts TEXT NOT NULL DEFAULT '{}',    -- JSON {bin of the prediction, any text: rows}
  labels            INTEGER NOT NULL DEFAULT 0,    -- answers whose truth arrived
  label_score       REAL NOT NULL DEFAULT 0,       -- sum of their scores, each in [0, 1], 1 is best
  compared          INTEGER NOT NULL DEFAULT 0,    -- in shadow: requests that both versions answered
  agreed            INTEGER NOT NULL DEFAULT 0,    -- in shadow: of those, how often they agreed
  PRIMARY KEY (model, version, second)
) WITHOUT ROWID;

-- Truths that people or other systems reported for single answers; each counts once, in `evidence`, when its answer is in the prediction log.
CREATE TABLE IF NOT EXISTS label (
  model         TEXT NOT NULL,
  prediction_id TEXT NOT NULL,          -- request id, "/", row
  truth         TEXT NOT NULL,          -- JSON: a number, a truth value or a text
  span          REAL,                   -- an error of this size scores 0; NULL where classes or probabilities are predicted
  output        TEXT NOT NULL DEFAULT '',  -- which output is the prediction; '' is found by its name
  at            REAL NOT NULL,          -- when it was reported, seconds since 1970
  counted       INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (model, prediction_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS label_that_waits ON label (model) WHERE counted = 0;

-- What a person asked for; the controller answers each once.
CREATE TABLE IF NOT EXISTS command (
  sequence INTEGER PRIMARY KEY,
  model    TEXT NOT NULL,
  command  TEXT NOT NULL,               -- promote, pause, resume, rollback
  person   TEXT NOT NULL,
  at       REAL NOT NULL,
  outcome  TEXT                         -- NULL while pending, else what was done or why not
);

-- The rollout of a model as the controller left it: what it resumes from.
CREATE TABLE IF NOT EXISTS rollout (
  model    TEXT PRIMARY KEY,
  state    TEXT NOT NULL,               -- JSON, see machine.py
  spec     TEXT NOT NULL,               -- JSON, see spec.py
  reported INTEGER NOT NULL DEFAULT 0   -- the last transition whose effects outside this file (lineage, spec file) are done
);
