"""The last guard of the power-safe promise, in the database itself.

A pair in a living state is refused unless the mentor's level is below the mentee's, neither is in
the other's reporting line (one materialised path begins with the other), and both are of the
pair's workspace. An unknown level or path is refused too.
"""

UNSAFE = """
    NEW.state IN ('opening', 'active', 'resting') AND NOT EXISTS (
        SELECT 1 FROM person AS mentor, person AS mentee
        WHERE mentor.id = NEW.mentor_id AND mentee.id = NEW.mentee_id
          AND mentor.workspace_id = NEW.workspace_id AND mentee.workspace_id = NEW.workspace_id
          AND mentor.level < mentee.level
          AND {position}(mentor.reporting_path, mentee.reporting_path) <> 1
          AND {position}(mentee.reporting_path, mentor.reporting_path) <> 1
    )
"""
COLUMNS = "state, mentor_id, mentee_id, workspace_id"
REFUSAL = "pair_power_safe: the mentor must be junior and outside the reporting line"


def create_statements(dialect: str) -> list[str]:
    if dialect == "sqlite":
        unsafe = UNSAFE.format(position="instr")
        return [
            f"CREATE TRIGGER pair_power_safe_{moment.lower()} BEFORE {moment}{columns} ON pair "
            f"WHEN {unsafe} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            for moment, columns in (("INSERT", ""), ("UPDATE", f" OF {COLUMNS}"))
        ]
    return [
        f"CREATE FUNCTION pair_power_safe() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {UNSAFE.format(position='strpos')} THEN "
        f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation'; END IF; "
        f"RETURN NEW; END $$",
        f"CREATE TRIGGER pair_power_safe BEFORE INSERT OR UPDATE OF {COLUMNS} ON pair "
        f"FOR EACH ROW EXECUTE FUNCTION pair_power_safe()",
    ]


def drop_statements(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return ["DROP TRIGGER pair_power_safe_insert", "DROP TRIGGER pair_power_safe_update"]
    return ["DROP TRIGGER pair_power_safe ON pair", "DROP FUNCTION pair_power_safe()"]
