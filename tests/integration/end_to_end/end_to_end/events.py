"""Events of the reference system, and what Debezium makes of their rows."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

BEGINNING = datetime(2026, 4, 21, 20, 37, 3, 605000, tzinfo=timezone.utc)
KINDS = ("board_games", "hiking", "cooking")


@dataclass
class Event:
    """A row of the outbox."""

    type: str
    aggregate_type: str
    aggregate_id: str
    payload: dict
    created_at: datetime
    id: str = field(default_factory=lambda: str(uuid.uuid4()))


def text_of(moment):
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class World:
    """Makes users, activities and participants that refer to each other."""

    def __init__(self):
        self.users = []
        self.activities = []
        self._made = 0

    def _moment(self):
        self._made += 1
        return BEGINNING + timedelta(milliseconds=37 * self._made)

    def user(self):
        identity, moment, number = str(uuid.uuid4()), self._moment(), len(self.users)
        self.users.append(identity)
        return Event("UserCreated", "user", identity, {
            "user_id": identity, "email": f"anna{number}@example.org", "username": f"anna_rivera_{number}",
            "first_name": "Anna", "last_name": "Rivera", "date_of_birth": "1990-02-14", "phone": "+1-555-0100",
            "address": {"street": "1 Main St", "city": "South Ashlee", "state": "WA", "zipcode": "07747", "country": "US"},
            "preferences": {"notifications_enabled": True, "language": "en", "timezone": "Europe/Zürich"},
            "created_at": text_of(moment)}, moment)

    def activity(self):
        identity, moment, number = str(uuid.uuid4()), self._moment(), len(self.activities)
        self.activities.append(identity)
        return Event("ActivityCreated", "activity", identity, {
            "activity_id": identity, "title": "Board Games - South Ashlee", "description": "Bring a friend \U0001f3b2",
            "activity_type": KINDS[number % len(KINDS)], "creator_id": self.users[number % len(self.users)],
            "location": {"name": "Library", "address": "2 Side St", "city": "South Ashlee",
                         "coordinates": {"lat": 47.5, "lng": -122.25}},
            "schedule": {"start_date": text_of(moment + timedelta(days=3)), "duration_minutes": 90, "recurring": False},
            "participants": {"max_participants": 12, "current_count": 0, "allowed_users": []},
            "created_at": text_of(moment)}, moment)

    def join(self, activity=None, user=None):
        activity = activity or self.activities[self._made % len(self.activities)]
        user = user or self.users[self._made * 7 % len(self.users)]
        return Event("ParticipantJoined", "activity", activity, {"activity_id": activity, "user_id": user}, self._moment())

    def events(self, count):
        """A mix: half users, the rest activities and participants."""
        makers = (self.user, self.activity, self.user, self.join, self.user, self.activity, self.join, self.user, self.join,
                  self.user)
        return [makers[number % len(makers)]() for number in range(count)]


def envelope(event, op="c"):
    """What Debezium makes of the row's insertion."""
    row = {"event_id": event.id, "aggregate_type": event.aggregate_type, "aggregate_id": event.aggregate_id,
           "event_type": event.type, "payload": json.dumps(event.payload), "created_at": text_of(event.created_at)}
    return json.dumps({"before": None, "after": row, "op": op, "ts_ms": 1776803823613,
                       "source": {"connector": "postgresql", "schema": "activity", "table": "event_outbox"}}).encode()


def aggregate_key(event):
    return json.dumps({"aggregate_id": event.aggregate_id}).encode()


def event_key(event):
    return json.dumps({"event_id": event.id}).encode()
