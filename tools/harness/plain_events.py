"""Events as pipelines with the decoder `plain` read them, one JSON value a line."""


def user(number):
    """A UserCreated that is good; each number is another user."""
    identity = f"00000000-0000-4000-8000-{number:012d}"
    payload = {"user_id": identity, "email": f"user{number}@example.org", "username": f"user_{number}",
               "first_name": "Ada", "last_name": "Novak", "date_of_birth": "1990-02-14", "phone": "+1-555-0100",
               "address": {"street": "1 Main St", "city": "Ashlee", "state": "WA", "zipcode": "07747", "country": "US"},
               "preferences": {"notifications_enabled": True, "language": "en", "timezone": "UTC"},
               "created_at": "2026-04-21T20:37:03.605136+00:00"}
    return {"type": "UserCreated", "id": f"e-{number}", "payload": payload}
