"""How filings are printed: one line each, and all their facts as data."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gateway.steps.hearing.filings import Listed

PURPOSES = {
    "declare": "declared",
    "amend": "amendment",
    "cancel": "cancellation",
    "present": "presentation",
    "repay": "repayment",
}
WIDTH = 12


def line(one: "Listed") -> str:
    """One filing as a line of a list."""
    when = one.made_at.strftime("%Y-%m-%dT%H:%MZ")
    said = f"{one.lrn or '(none yet)':<22} {one.parcel:<15} {PURPOSES.get(one.purpose, one.purpose):<12}"
    return f"{when}  {said} {one.route:<12} {one.state:<10} {one.outcome}".rstrip()


def data(one: "Listed") -> dict[str, Any]:
    """One filing as `--json` prints it."""
    import msgspec

    return {**msgspec.to_builtins(one), "made_at": one.made_at.isoformat(timespec="seconds")}
