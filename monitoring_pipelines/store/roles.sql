-- Least privilege on Postgres: one role per job, none of which can log in by itself.
--
--   mlmon db upgrade          as the owner of the database, who migrates and deletes nothing else
--   mlmon db roles | psql ... as the same; again after every `mlmon db upgrade`
--   GRANT monitoring_writer TO etl;    to the user that runs Dagster and `mlmon run`
--
-- The tables are looked for in the search path; of another schema than public change the lines
-- with SCHEMA. Nothing here has a password: users and their passwords are yours.

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'monitoring_source', 'monitoring_writer', 'monitoring_reader', 'monitoring_keeper'
    ]
    LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', name);
        EXCEPTION WHEN duplicate_object THEN
            NULL;  -- as before
        END;
    END LOOP;
END
$$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public
    TO monitoring_writer, monitoring_reader, monitoring_keeper;

-- What was granted by an older version of this file is taken back first.
REVOKE ALL ON
    results, summaries, conditions, incidents, incident_events, silences, outbox, messages,
    destinations, uploads, learned, inbox, evidence, monitoring_alembic_version
    FROM PUBLIC, monitoring_source, monitoring_writer, monitoring_reader, monitoring_keeper;

-- 1. Source: reads logs and labels, and nothing of the monitoring. Name your tables:
--   GRANT USAGE ON SCHEMA risk TO monitoring_source;
--   GRANT SELECT ON risk.predictions, risk.outcomes TO monitoring_source;

-- 2. Writer: runs windows, tells people. Results and messages are replaced; what happened to an
--    incident, and the evidence, is added to only.
GRANT SELECT ON monitoring_alembic_version TO monitoring_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON
    results, summaries, conditions, incidents, silences, outbox, messages, destinations, uploads,
    learned, inbox
    TO monitoring_writer;
GRANT SELECT, INSERT ON incident_events, evidence TO monitoring_writer;
GRANT USAGE ON SEQUENCE outbox_id_seq TO monitoring_writer;

-- 3. Reader: dashboards, auditors. Not the messages on their way, nor what services answered.
GRANT SELECT ON
    results, summaries, conditions, incidents, incident_events, silences, evidence, learned,
    monitoring_alembic_version
    TO monitoring_reader;

-- 4. Keeper: `mlmon retention`. May empty the content of a record, and change nothing else of it.
GRANT SELECT ON monitoring_alembic_version, incidents TO monitoring_keeper;
GRANT SELECT, DELETE ON results, summaries TO monitoring_keeper;
GRANT SELECT, INSERT, UPDATE (body) ON evidence TO monitoring_keeper;
