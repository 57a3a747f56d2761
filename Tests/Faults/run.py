"""Does faults to a running house and proves that nothing was lost by them.

    Scripts/faults                       every fault, on SQLite and, where it is installed, on PostgreSQL
    Scripts/faults kill pause            some, by name
    Scripts/faults --engine postgres     one engine
    Scripts/faults --nodes 3             several nodes (PostgreSQL)
    Scripts/faults --seed 7              the same choices as another run with this seed

Each case: people talk through the public protocol, the fault, quiet, then the checker (`qinke reconcile`).
Ends with a table and `faults: N passed, N failed`; exit 1 when one failed.
"""
import argparse
import signal
import sys
import time
import traceback

import cases
from nodes import Failed, House, SQLite


class Maker:
    """Makes houses as the command line asks."""

    def __init__(self, engine, nodes, seed):
        self.engine, self.nodes, self.seed = engine, nodes, seed

    def __call__(self, **how):
        return House(self.store, nodes=self.nodes, seed=self.seed, **how)

    def store(self, folder):
        if self.engine == "sqlite":
            return SQLite(folder)
        from postgres import Postgres
        return Postgres(folder)

    def on_small_disk(self):
        if self.engine == "sqlite":
            from small_disk import SmallDisk as Store
        else:
            from postgres import OnSmallDisk as Store
        return House(Store, nodes=self.nodes, seed=self.seed)

    def with_standby(self):
        from postgres import WithStandby
        return House(WithStandby, nodes=self.nodes, seed=self.seed)


def chosen(engine, words):
    possible = cases.EVERYWHERE + (cases.ON_SQLITE if engine == "sqlite" else cases.ON_POSTGRES)
    named = {case.__name__.replace("_", "-"): case for case in possible}
    return {name: case for name, case in named.items() if not words or name in words}


def usual_engines(nodes):
    """All that are here and can carry so many nodes."""
    engines = ["sqlite"] if nodes == 1 else []
    from postgres import programs
    try:
        programs()
        engines.append("postgres")
    except Failed as failure:
        print(f"without PostgreSQL: {failure}", flush=True)
    return engines


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=["sqlite", "postgres"], action="append")
    parser.add_argument("--nodes", type=int, default=1)
    options = parser.parse_args()
    # Asked to stop, it stops what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    engines = options.engine or usual_engines(options.nodes)
    if options.nodes > 1 and "sqlite" in engines:
        parser.error("several nodes need --engine postgres")
    known = {name for engine in ("sqlite", "postgres") for name in chosen(engine, [])}
    if unknown := set(options.names) - known:
        parser.error(f"no such fault: {' '.join(sorted(unknown))} (there are {' '.join(sorted(known))})")
    table, failed = [], 0
    for engine in engines:
        for name, case in chosen(engine, options.names).items():
            print(f"── {engine}, {options.nodes} node{'s' * (options.nodes > 1)}, seed {options.seed}: "
                  f"{name}. {(case.__doc__ or '').strip()}", flush=True)
            began = time.monotonic()
            try:
                row = case(Maker(engine, options.nodes, options.seed))
                mark = "✔"
            except Exception as error:
                failed += 1
                row, mark = {}, "✘"
                text = str(error) if isinstance(error, Failed) else traceback.format_exc()
                print("\n".join("    " + line for line in text.splitlines()), flush=True)
                print(f"    again: Scripts/faults --engine {engine} --nodes {options.nodes} "
                      f"--seed {options.seed} {name}", flush=True)
            seconds = time.monotonic() - began
            table.append((mark, engine, options.nodes, name, row, seconds))
            print(f"{mark} {name} ({seconds:.1f} s) {row.get('checked', '')}", flush=True)
    print(f"\n  {'engine':9} {'nodes':5} {'fault':13} {'sent':>5} {'acked':>6} {'reconnects':>10} "
          f"{'resent':>7} {'seconds':>8}")
    for mark, engine, nodes, name, row, seconds in table:
        print(f"{mark} {engine:9} {nodes:5} {name:13} {row.get('sent', '–'):>5} "
              f"{row.get('acknowledged', '–'):>6} {row.get('reconnects', '–'):>10} "
              f"{row.get('resent', '–'):>7} {seconds:8.1f}")
    print(f"faults: {len(table) - failed} passed, {failed} failed")
    return 1 if failed or not table else 0


if __name__ == "__main__":
    sys.exit(main())
