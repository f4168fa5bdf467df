"""What the documents of given events must be: the rules of the reference system, written apart from the engine."""

import copy
from collections import Counter
from datetime import datetime, timezone

OWN_FIELD = "_sluice"


def date(text):
    return datetime.fromisoformat(text).astimezone(timezone.utc)


def documents(events):
    """{collection: {id: document}} once all of them are applied, in any order that waiting allows."""
    users, activities, joins = {}, {}, []
    totals, by_type = Counter(), Counter()
    for event in events:
        payload = copy.deepcopy(event.payload)
        if event.type == "UserCreated":
            totals["users"] += 1
            users[payload["user_id"]] = payload | {"_id": payload["user_id"], "created_at": date(payload["created_at"])}
        elif event.type == "ActivityCreated":
            totals["activities"] += 1
            by_type[payload["activity_type"]] += 1
            payload["schedule"]["start_date"] = date(payload["schedule"]["start_date"])
            activities[payload["activity_id"]] = payload | {"_id": payload["activity_id"],
                                                            "created_at": date(payload["created_at"])}
        elif event.type == "ParticipantJoined":
            totals["participations"] += 1
            joins.append((payload["activity_id"], payload["user_id"]))
    for activity, user in joins:
        participants = activities[activity]["participants"]
        if user not in participants["allowed_users"]:
            participants["allowed_users"].append(user)
            participants["current_count"] += 1
    statistics = {"_id": "global", **totals, "last_event_at": max(event.created_at for event in events)}
    if by_type:
        statistics["by_type"] = dict(by_type)
    return {"users": users, "activities": activities, "statistics": {"global": statistics}}


def stored(database):
    """The same of a MongoDB database, as an independent client reads it, without the engine's own field."""
    found = {}
    for name in ("users", "activities", "statistics"):
        found[name] = {document["_id"]: {key: value for key, value in document.items() if key != OWN_FIELD}
                       for document in database[name].find()}
    return found


def unordered(by_collection):
    """With lists of participants as sets: partitions have no order among them."""
    for activity in by_collection["activities"].values():
        activity["participants"]["allowed_users"].sort()
    return by_collection


def differences(found, wanted, path=""):
    """Where they differ, a line each."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        return [line for key in sorted(found.keys() | wanted.keys())
                for line in differences(found.get(key), wanted.get(key), f"{path}/{key}")]
    return [] if found == wanted else [f"{path} is {found!r}, not {wanted!r}"]
