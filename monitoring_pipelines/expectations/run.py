"""temporary until gx is merged."""


def run_suite(connection, relation, suite):
    return ()
