"""What changed in meaning about who else receives data, and where outside the EEA it goes (GDPR art. 13(1)(e)-(f))."""

from __future__ import annotations

from collections.abc import Iterator

from belofte.law.adequacy import is_eea
from belofte.policy.change import Change, Kind
from belofte.policy.concerned import each, of, reworded
from belofte.policy.model import Policy, Transfer
from belofte.policy.receiving import receivers


def recipients(before: Policy, after: Policy) -> Iterator[Change]:
    """Changes of recipients that receive before and after; who is new to a purpose is a change of the purpose."""
    for key, one in after.recipients.items():
        old = before.recipients.get(key)
        using = [name for name in after.purposes if key in receivers(after, name)]
        if old is None:
            if not using:
                yield Change(Kind.RECIPIENT_ADDED, f"recipients.{key}", None, (), (key,))
            continue
        common = [name for name in using if name in before.purposes and key in receivers(before, name)]
        for what, was, now in (
            ("name", old.name, one.name), ("role", old.role, one.role), ("location", old.location, one.location),
        ):  # fmt: skip
            if was != now:
                path = f"recipients.{key}.{what}"
                yield from each(before, after, Kind.RECIPIENT_CHANGED, path, common, was or "", now or "")
        yield from _receives(before, after, key, common)
        yield from _going(before, after, key, common)
        if reworded(old.arrangement, one.arrangement):
            path = f"recipients.{key}.arrangement"
            yield from each(before, after, Kind.ARRANGEMENT_CHANGED, path, common, "", "")
    for key in before.recipients:
        if key not in after.recipients and not any(key in receivers(before, name) for name in before.purposes):
            yield Change(Kind.RECIPIENT_REMOVED, f"recipients.{key}", None, (key,), ())


def _receives(before: Policy, after: Policy, key: str, common: list[str]) -> Iterator[Change]:
    had, has = (
        dict.fromkeys(ref for given in policy.recipients[key].receives for ref in policy.elements(given))
        for policy in (before, after)
    )
    path = f"recipients.{key}.receives"
    for ref in (one for one in has if one not in had):
        yield from each(before, after, Kind.RECIPIENT_CHANGED, path, common, "", ref)
    for ref in (one for one in had if one not in has):
        yield from each(before, after, Kind.RECIPIENT_REMOVED, path, common, ref, "")


def _going(before: Policy, after: Policy, key: str, common: list[str]) -> Iterator[Change]:
    """Yield that another transfer covers a recipient, of those that there were before and after."""
    was, now = before.recipients[key].transfer, after.recipients[key].transfer
    if was == now:
        return
    path, from_, to = f"recipients.{key}.transfer", _abroad(before, was), _abroad(after, now)
    if to is not None and now in before.transfers:
        kind = Kind.TRANSFER_CHANGED if from_ is not None else Kind.TRANSFER_ADDED
        yield from each(before, after, kind, path, common, was or "", now or "")
    elif from_ is not None and to is None and was in after.transfers:
        yield from each(before, after, Kind.TRANSFER_REMOVED, path, common, was or "", now or "")


def _abroad(policy: Policy, transfer: str | None) -> Transfer | None:
    """Return a transfer by its name, where it goes outside the EEA."""
    found = policy.transfers.get(transfer) if transfer is not None else None
    return found if found is not None and not is_eea(found.country) else None


def transfers(before: Policy, after: Policy) -> Iterator[Change]:
    """Yield transfers outside the EEA that there are now, on other terms, or no longer."""
    for key, one in after.transfers.items():
        old = before.transfers.get(key)
        if is_eea(one.country):
            if old is not None and not is_eea(old.country):
                yield Change(Kind.TRANSFER_REMOVED, f"transfers.{key}.country", None, (old.country,), (one.country,))
            continue
        path = f"transfers.{key}"
        through = {name for name, recipient in after.recipients.items() if recipient.transfer == key}
        using = [name for name in after.purposes if through & set(receivers(after, name))]
        if old is None or is_eea(old.country):
            yield from each(before, after, Kind.TRANSFER_ADDED, path, using, "", one.country)
            continue
        for what in ("country", "ground", "certified", "module", "authorised"):
            was, now = str(getattr(old, what) or ""), str(getattr(one, what) or "")
            if was != now:
                yield from each(before, after, Kind.TRANSFER_CHANGED, f"{path}.{what}", using, was, now)
        if old.copy_at != one.copy_at:
            yield Change(Kind.CONTACT_CHANGED, f"{path}.copy_at", None, of(old.copy_at), of(one.copy_at))
    for key, old in before.transfers.items():
        if key not in after.transfers and not is_eea(old.country):
            yield Change(Kind.TRANSFER_REMOVED, f"transfers.{key}", None, (old.country,), ())
