"""Invented people for the demo: names from many places, common enough to be nobody's own."""

GIVEN_NAMES = (
    "Ada", "Aisha", "Amara", "Anders", "Anjali", "Ben", "Beatriz", "Carlos", "Chen", "Chloe",
    "Daniel", "Divya", "Elena", "Emeka", "Emma", "Farah", "Felix", "Gabriela", "Hana", "Hugo",
    "Ines", "Ivan", "Jamal", "Jin", "Jonas", "Kavya", "Kenji", "Lars", "Leila", "Lin",
    "Lucia", "Maria", "Mateo", "Mei", "Mina", "Nadia", "Noah", "Olga", "Omar", "Priya",
    "Rafael", "Rosa", "Samir", "Sara", "Sofia", "Tariq", "Thandi", "Tomas", "Yara", "Zoe",
)  # fmt: skip
FAMILY_NAMES = (
    "Abebe", "Ahmed", "Andersson", "Bauer", "Costa", "Das", "Diaz", "Evans", "Fischer", "Garcia",
    "Haddad", "Ito", "Jensen", "Kaya", "Khan", "Kim", "Kowalski", "Lee", "Lopez", "Martin",
    "Mbeki", "Moreau", "Murphy", "Nguyen", "Novak", "Okafor", "Patel", "Petrov", "Rossi", "Santos",
    "Sato", "Schmidt", "Silva", "Singh", "Smith", "Suzuki", "Tan", "Wang", "Yilmaz", "Zhang",
)  # fmt: skip
DEPARTMENTS = ("Product", "Engineering", "Sales", "Customer Care", "Finance", "People")
TITLES = ("Associate", "Specialist", "Senior Specialist", "Manager", "Director", "Chief Executive")
CITIES = (
    "Europe/London", "Europe/Berlin", "Europe/Lisbon", "America/New_York", "America/Chicago",
    "Asia/Kolkata", "Asia/Singapore",
)  # fmt: skip
