"""What a benchmark found, and how it is shown; pure but for the console that it is given."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from bench.load import Load
from bench.measure import Series

MIB = 1024 * 1024
_NOTEWORTHY_BYTES = 10 * MIB
LEGEND = (
    "medians; processors: the time that was computed; "
    "memory: peak of the sum over all processes, and of the largest process per program"
)


@dataclass(frozen=True, slots=True)
class Target:
    """A promise: how many times better than the baseline the measured command has to be."""

    name: str
    measured: float
    at_least: float

    @property
    def is_met(self) -> bool:
        """Whether the promise is kept."""
        return self.measured >= self.at_least


@dataclass(frozen=True, slots=True)
class Report:
    """One benchmark: its series, its targets, and why it failed (empty where it did not).

    `loads` are measured by the request, where `series` are measured by the command. `picture` is
    its path below docs/, or nothing.
    """

    title: str
    conditions: tuple[str, ...]
    series: tuple[Series, ...]
    targets: tuple[Target, ...]
    failure: str = ""
    loads: tuple[Load, ...] = ()
    picture: str = ""


def show(report: Report, console: Console) -> None:
    """Print the report as two tables between its conditions and its outcome."""
    console.print(f"\n[bold]{report.title}[/bold]")
    for condition in report.conditions:
        console.print(condition, style="dim", highlight=False, soft_wrap=True)
    if report.series:
        console.print(LEGEND, style="dim", highlight=False, soft_wrap=True)
        console.print(_series_table(report.series))
    if report.loads:
        console.print(_loads_table(report.loads))
    console.print(_targets_table(report.targets))
    if report.failure:
        console.print(f"FAILED: {report.failure}", style="bold red", markup=False)


def _series_table(series: tuple[Series, ...]) -> Table:
    peaks = [(name, size) for one in series for name, size in one.program_bytes.items()]
    programs = sorted({name for name, size in peaks if size >= _NOTEWORTHY_BYTES})
    table = Table("command", "runs", "wall", "from – to", "processors", "memory")
    for program in programs:
        table.add_column(program)
    for one in series:
        walls = [sample.wall_seconds for sample in one.samples]
        table.add_row(
            one.name,
            str(len(walls)),
            f"{one.wall_seconds:.2f} s",
            f"{min(walls):.2f} – {max(walls):.2f} s",
            f"{one.cpu_seconds:.2f} s",
            mib(one.tree_bytes),
            *(mib(one.program_bytes.get(program, 0)) for program in programs),
        )
    return table


def _loads_table(loads: tuple[Load, ...]) -> Table:
    table = Table("requests", "count", "per second", "median", "99 %", "errors", "connections")
    for load in loads:
        table.add_row(
            load.name,
            f"{load.requests:,}",
            f"{load.per_second:,.0f}",
            f"{load.median * 1000:.1f} ms",
            f"{load.p99 * 1000:.1f} ms",
            str(sum(load.errors.values())),
            str(load.connects),
        )
    return table


def _targets_table(targets: tuple[Target, ...]) -> Table:
    table = Table("ratio", "measured", "target", "")
    for target in targets:
        outcome = "[green]met[/green]" if target.is_met else "[red]missed[/red]"
        table.add_row(
            target.name,
            times(target.measured),
            f"at least {target.at_least:g} ×",
            outcome,
        )
    return table


def times(ratio: float) -> str:
    """Return a ratio in words."""
    return f"{ratio:.2f} ×" if ratio < 1 else f"{ratio:.1f} ×"


def mib(size: float) -> str:
    """Return a size in words."""
    return f"{size / MIB:.0f} MiB"
