-- What monitors have seen. A window is judged once: its row is never replaced.
CREATE TABLE definition (
  monitor TEXT PRIMARY KEY,
  document TEXT NOT NULL             -- JSON: the arguments of `ml.monitor`, so that another process can go on
);
CREATE TABLE judged (                -- one window of time, judged against the reference
  monitor TEXT NOT NULL,
  start REAL NOT NULL,               -- seconds since 1970
  end REAL NOT NULL,
  rows INTEGER NOT NULL,
  version INTEGER,                   -- of the model that answered most rows
  body TEXT NOT NULL,                -- JSON: movements of columns and of the prediction, estimates, notes
  PRIMARY KEY (monitor, start)
) WITHOUT ROWID;
CREATE TABLE error (                 -- one answer whose label has arrived, in the order of arrival
  sequence INTEGER PRIMARY KEY,
  monitor TEXT NOT NULL,
  prediction_id TEXT NOT NULL,
  at REAL NOT NULL,                  -- when it was answered
  seen REAL NOT NULL,                -- when a run saw its label
  version INTEGER NOT NULL,
  error REAL NOT NULL,               -- 0 or 1 where classes are predicted, |prediction − label| elsewhere
  explored INTEGER NOT NULL,         -- whether the action was chosen at random, not by the model
  UNIQUE (monitor, prediction_id)
);
CREATE INDEX error_by_time ON error (monitor, at);
